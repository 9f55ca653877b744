/** A guest that passes lists of handles, and several handles at once: for the bindings in C. */
import { ListBook, ListShelf, both, renew } from "./bindings/my-loans-desk";
import * as store from "./bindings/my-loans-store";
import { Book } from "./bindings/my-loans-store";

export function three(): u32 {
  const all = store.takeThree();
  const sum = <u32>all.a.number_() * 10000 + <u32>all.b.number_() * 100 + <u32>all.c.some.number_();
  all.a.drop();
  all.b.drop();
  all.c.some.drop();
  return sum;
}

export function lend(count: u8): u32 {
  const books = store.sum.books();
  books.allocate(count);
  for (let i: u8 = 0; i < count; i++) books[i] = Book.create(i + 1);
  const sum = store.sum(books);
  for (let i: u8 = 0; i < count; i++) books[i].drop();
  return sum;
}

export function handIn(twice: bool): u32 {
  const first = Book.create(5);
  const second = Book.create(6);
  return store.handIn(first, twice ? first : second);
}

export function sort(shelves: ListShelf, lent: ListBook): ListShelf {
  let sum: u32 = 0;
  for (let i = 0; i < lent.length; i++) sum += lent[i].number_();
  if (sum != 0) Book.create(<u8>sum).drop();
  return store.sort(shelves);
}

export function runRenew(task: renew.Task): void {
  const old = store.renew.old();
  const beside = store.renew.beside();
  old.allocate(task.count);
  beside.allocate(task.count);
  for (let i: u8 = 0; i < task.count; i++) {
    old[i] = Book.create(10 + i);
    beside[i].item0 = i;
    beside[i].item1 = Book.create(20 + i);
  }
  const books = store.renew.call(old, beside);
  for (let i: u8 = 0; i < task.count; i++) beside[i].item1.drop();
  task.resolve(books);
}

export function runBoth(task: both.Task): void {
  const old = store.renew.old();
  const beside = store.renew.beside();
  old.allocate(1);
  beside.allocate(1);
  old[0] = Book.create(1);
  beside[0].item0 = 0;
  beside[0].item1 = old[0];
  store.renew.call(old, beside);
  task.resolve();
}
