/** Tables that sort by a click on a heading and narrow down by what is typed above them. */

/** Makes every table that asks for it sortable, and wires the filter inputs. */
export function enhanceTables(): void {
  for (const table of document.querySelectorAll<HTMLTableElement>("table[data-sortable]"))
    makeSortable(table);
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-filters]")) {
    const table = document.getElementById(input.dataset["filters"]!) as HTMLTableElement;
    input.addEventListener("input", () => {
      filterRows(table, input.value.toLowerCase());
    });
  }
}

function makeSortable(table: HTMLTableElement): void {
  const headings = [...table.tHead!.rows[0]!.cells];
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const ascending = heading.getAttribute("aria-sort") === "descending";
      for (const other of headings) other.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      sortRows(table, column, ascending ? 1 : -1);
    });
  });
}

function sortRows(table: HTMLTableElement, column: number, direction: number): void {
  const body = table.tBodies[0]!;
  const rows = [...body.rows].map((row) => {
    const cell = row.cells[column]!;
    return { row, text: cell.textContent, value: Number(cell.dataset["value"] ?? Number.NaN) };
  });
  const numeric = rows.some(({ value }) => !Number.isNaN(value));
  rows.sort(
    (x, y) => direction * (numeric ? (x.value || 0) - (y.value || 0) : -x.text.localeCompare(y.text)),
  );
  body.append(...rows.map(({ row }) => row));
}

function filterRows(table: HTMLTableElement, text: string): void {
  for (const row of table.tBodies[0]!.rows) row.hidden = !row.textContent.toLowerCase().includes(text);
}
