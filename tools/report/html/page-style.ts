/** The page's style sheet: light and dark, wide and narrow, screen and paper. */

const COLOURS = `
:root { color-scheme: light dark;
  --page: light-dark(#f7f7f5, #15171a); --panel: light-dark(#ffffff, #1d2024); --ink: light-dark(#1b1d20, #e8e9eb);
  --soft: light-dark(#5c6168, #a3a9b2); --line: light-dark(#dcdedf, #33373d); --link: light-dark(#0b57a4, #7db8f5);
  --good: light-dark(#17703a, #6fd394); --bad: light-dark(#b3261e, #ff8b80); --unsure: light-dark(#8a5300, #f2b84b); --unsure-back: light-dark(#fdf1dc, #33260c); --good-back: light-dark(#e5f4ea, #16301f); --bad-back: light-dark(#fbe9e7, #3a1a18);
  --user: light-dark(#2a6bb0, #4a90dc); --library: light-dark(#0e7a71, #2aa79c); --bindings: light-dark(#4f7a1c, #82b340);
  --runtime: light-dark(#b04c12, #dd7338); --code: light-dark(#7458ad, #957dd0); --data: light-dark(#8a6606, #cfa02a);
  --names: light-dark(#a54883, #c86aa6); --on: light-dark(#ffffff, #0d0f12); --structure: light-dark(#666b72, #8b929c); --custom: light-dark(#6f747b, #7d848e); }
[data-theme=light] { color-scheme: light; } [data-theme=dark] { color-scheme: dark; }
${["user", "library", "bindings", "runtime", "code", "data", "names", "structure", "custom"]
  .map((origin) => `[data-origin=${origin}] { --own: var(--${origin}); }`)
  .join(" ")}
[data-change=grew] { --own: var(--bad); } [data-change=shrank] { --own: var(--good); } [data-change=new] { --own: var(--unsure); } [data-change=gone] { --own: var(--code); } [data-change=same] { --own: var(--structure); }
[data-kind=slot] { --own: var(--user); } [data-kind=operation] { --own: var(--library); } [data-kind=event] { --own: var(--bindings); }
[data-kind="frame word"] { --own: var(--code); } [data-kind=string] { --own: var(--names); } [data-kind=data] { --own: var(--data); }
[data-kind=arena] { --own: var(--runtime); } [data-kind=frame] { --own: var(--bindings); } [data-kind=stack] { --own: var(--runtime); } [data-kind=heap] { --own: var(--bad); }
[data-kind=static] { --own: var(--structure); } [data-kind=unused] { --own: var(--custom); }
`;

const PAGE = `
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 24px 20px 8px; display: grid; gap: 20px; grid-template-columns: minmax(0, 1fr); }
h1 { font-size: 28px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 17px; margin: 0 0 10px; } h3 { font-size: 14px; margin: 16px 0 6px; }
main a { color: var(--link); }
code { font: 12.5px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
section { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; min-width: 0; }
footer { max-width: 1120px; margin: 0 auto; padding: 8px 20px 32px; color: var(--soft); font-size: 13px; }
.top { display: flex; justify-content: space-between; align-items: start; gap: 16px; } .eyebrow, .hash, .note, figcaption { color: var(--soft); font-size: 13px; margin: 0 0 4px; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--panel); padding: 6px 10px; z-index: 2; }
button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; cursor: pointer; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 1px; }
.good { --tone: var(--good); --tone-back: var(--good-back); } .bad { --tone: var(--bad); --tone-back: var(--bad-back); } .unsure { --tone: var(--unsure); --tone-back: var(--unsure-back); }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 12px; grid-template-columns: repeat(auto-fit, minmax(170px, 1fr)); }
.card { background: var(--tone-back, var(--panel)); border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; }
.card h2 { font-size: 13px; font-weight: 600; color: var(--soft); margin: 0; } .card .value { font-size: 22px; overflow-wrap: anywhere; font-weight: 650; line-height: 1.25; margin: 2px 0; color: var(--tone, inherit); font-variant-numeric: tabular-nums; }
.card .note { margin: 0; } .cards.small { margin-top: 12px; grid-template-columns: repeat(auto-fit, minmax(110px, 1fr)); }
.note.spaced { margin: 10px 0; }
.contents ul { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; padding: 0; margin: 0; } .contents a { color: var(--link); display: inline-block; padding: 2px 0; }
.evidence { margin: 0 0 10px; padding-left: 20px; color: var(--soft); font-size: 13px; } summary { cursor: pointer; overflow-wrap: anywhere; padding: 2px 0; } summary span { color: var(--soft); font-size: 13px; }
.unsure-text { color: var(--unsure); font-weight: 600; }
.plain { --tone: var(--ink); --tone-back: var(--page); }
.card.plain { --tone-back: var(--panel); }
.verdict { margin: 0 0 10px; padding: 8px 12px; border-radius: 6px; background: var(--tone-back); color: var(--tone); font-weight: 600; }
.changes { padding-left: 18px; } .changes li { color: var(--tone, inherit); }
`;

const CHARTS = `
.bar { display: flex; height: 26px; border-radius: 6px; overflow: hidden; gap: 1px; background: var(--panel); } .bar.tall { height: 44px; } .bar i { background: var(--own); min-width: 1px; flex-basis: 0; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 10px 0 0; font-size: 13px; } .legend span { color: var(--soft); } .legend b { font-variant-numeric: tabular-nums; }
.legend i, .dot { display: inline-block; width: 10px; height: 10px; border-radius: 3px; background: var(--own); margin-right: 6px; }
.boxes { position: relative; overflow: hidden; border-radius: 6px; }
.box { position: absolute; overflow: hidden; background: var(--own); color: var(--on); font-size: 12px; line-height: 1.25; padding: 2px 4px; border-radius: 2px; cursor: pointer; }
.box span, .box small { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; } .box small { font-size: 11px; }
.areas .box.group { background: color-mix(in srgb, var(--own) 28%, var(--panel)); color: var(--ink); font-weight: 600; padding-top: 1px; }
.box.found { outline: 3px solid var(--ink); outline-offset: -3px; z-index: 1; } .box.found > span { text-decoration: underline; } .find span { margin-left: 10px; color: var(--soft); overflow-wrap: anywhere; }
.box:hover { filter: brightness(1.12); } .box:focus-visible { outline-offset: -3px; outline-color: var(--ink); z-index: 1; }
.crumbs { display: flex; flex-wrap: wrap; gap: 4px; margin-bottom: 8px; min-height: 30px; } .crumbs button { font-size: 13px; padding: 2px 8px; max-width: 100%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .crumbs [aria-current] { font-weight: 650; background: var(--page); }
.status { margin: 8px 0 0; font-size: 13px; min-height: 1.5em; overflow-wrap: anywhere; } .keys { margin: 2px 0 0; }
.choice { border: 0; padding: 0; margin: 0 0 8px; font-size: 13px; display: flex; gap: 14px; } .choice legend { float: left; margin-right: 12px; color: var(--soft); }
.grid { display: grid; grid-template-columns: max-content repeat(16, minmax(0, 1fr)); gap: 2px; font-size: 11px; } .grid b { font: 11px ui-monospace, monospace; color: var(--soft); padding-right: 8px; align-self: center; font-weight: 400; }
.grid i { background: var(--own); height: 24px; border-radius: 3px; color: var(--on); font-style: normal; overflow: hidden; text-overflow: ellipsis; text-align: center; line-height: 24px; white-space: nowrap; }
.curve { width: 100%; height: auto; } .curve path { fill: color-mix(in srgb, var(--user) 45%, transparent); stroke: var(--user); stroke-width: 1.5; } .curve line { stroke: var(--line); } .curve text { fill: var(--soft); font-size: 11px; } figure { margin: 0; } .curve.trend path { fill: none; stroke-width: 2; } .curve circle { fill: var(--user); }
.budget { list-style: none; padding: 0; margin: 0; display: grid; gap: 10px; } .budget p { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 0 0 3px; } .budget span { font-variant-numeric: tabular-nums; } .budget em { margin-left: auto; color: var(--tone); font-style: normal; font-weight: 600; }
.gauge { position: relative; height: 8px; border-radius: 4px; background: var(--line); } .gauge i { display: block; height: 100%; border-radius: 4px; background: var(--tone); } .gauge u { position: absolute; top: -3px; width: 2px; height: 14px; background: var(--ink); margin-left: -2px; }
.grid u { grid-column: 2 / span 16; text-decoration: none; text-align: center; border-radius: 3px; line-height: 20px; color: var(--ink); background: repeating-linear-gradient(135deg, color-mix(in srgb, var(--own) 30%, var(--panel)) 0 6px, color-mix(in srgb, var(--own) 18%, var(--panel)) 6px 12px); }
.grown { margin: 4px 0 0; padding-left: 18px; font-size: 13px; }
.chain { margin: 6px 0 12px; padding-left: 22px; } .chain span { color: var(--soft); font-size: 13px; } .chain .end { color: var(--bad); font-weight: 600; }
.frames { padding: 0; margin: 0; list-style: none; display: grid; gap: 3px; } .frames li { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr) max-content; align-items: center; gap: 8px; } .frames .fall { background: color-mix(in srgb, var(--line) 45%, transparent); border-radius: 3px; } .frames i { display: block; background: var(--user); height: 12px; border-radius: 3px; min-width: 2px; } .frames [data-step=entry], .frames [data-step="re-entry"], .frames [data-step=import] { background: var(--library); } .frames [data-step=reserve] { background: var(--structure); } .frames [data-step=sum] { background: var(--ink); } .frames .sum { font-weight: 650; border-top: 1px solid var(--line); padding-top: 3px; } .frames b { font-variant-numeric: tabular-nums; font-weight: 600; min-width: 5ch; text-align: right; }
.swing { display: inline-block; height: 10px; border-radius: 3px; background: var(--tone); }
`;

const TABLES = `
.scroll { overflow-x: auto; max-height: 560px; overflow-y: auto; margin-top: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; } th { text-align: left; position: sticky; top: 0; background: var(--panel); border-bottom: 1px solid var(--line); padding: 4px 14px 4px 0; white-space: nowrap; }
th.number { text-align: right; } th button { border: 0; padding: 0; font-weight: 600; color: var(--soft); } th[aria-sort=descending] button::after { content: " ▼"; } th[aria-sort=ascending] button::after { content: " ▲"; }
td { padding: 3px 14px 3px 0; border-bottom: 1px solid var(--line); vertical-align: top; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .source { color: var(--soft); }
td:has(code) { min-width: 150px; }
.filter { margin: 0; font-size: 13px; } .filter input { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--line); border-radius: 6px; padding: 3px 8px; max-width: 60%; }
`;

const SMALL = `
@media (max-width: 640px) { main { padding: 14px 10px; gap: 12px; } section { padding: 12px; border-radius: 8px; } h1 { font-size: 22px; } .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; } .card { padding: 9px 10px; } .card .value { font-size: 19px; } .scroll { max-height: 420px; } td:last-child:not(:first-child) code { white-space: nowrap; } .grid { font-size: 9px; gap: 1px; } .grid b { padding-right: 4px; font-size: 10px; } .curve text { font-size: 22px; } }
@media (prefers-reduced-motion: no-preference) { .box { transition: filter .1s; } }
@page { margin: 12mm; }
@media print { :root { color-scheme: light !important; } body { background: #fff; font-size: 11px; } main { max-width: none; padding: 0; gap: 10px; } section, .card { break-inside: avoid-page; border-color: #bbb; }
  section:has(table) { break-inside: auto; } tr, .card, .zoom, .grid > * { break-inside: avoid; } h2, h3, .note { break-after: avoid-page; } .scroll { max-height: none; overflow: visible; } #theme, .filter, .keys, .choice, .skip, .contents { display: none; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } th { position: static; } ::details-content { content-visibility: visible; } }
`;

/** The page's style sheet. */
export const pageStyle = COLOURS + PAGE + CHARTS + TABLES + SMALL;
