/** Words that cannot name a parameter or a member in C or C++. */

/** Keywords of C99, C11 and C++20, and macros in lower case of their headers, gcc and clang. */
const words = new Set(
  (
    "alignas alignof and and_eq asm assert auto bitand bitor bool break case catch char class co_await co_return co_yield compl concept " +
    "const consteval constexpr constinit const_cast continue decltype default delete do double dynamic_cast else enum errno explicit " +
    "export extern false far float for friend goto huge i386 if imaginary inline int interrupt linux long mutable namespace near new " +
    "noexcept not not_eq nullptr offsetof operator or or_eq private protected public register reinterpret_cast requires restrict " +
    "return setjmp short signed sizeof static static_assert static_cast stderr stdin stdout struct switch template this " +
    "thread_local throw true try typedef typeid typename typeof union unix unsigned using virtual void volatile while xor xor_eq"
  ).split(" "),
);

/** Whether C keeps the word for itself: a keyword, a macro, or a name like those of types (`size_t`). */
export function isCWord(name: string): boolean {
  return words.has(name) || name.endsWith("_t");
}
