/**
 * The picture's colours, light and dark, and its type. An SVG in an `img` follows
 * the page's colour scheme by this alone.
 */
export const style = `
svg { --page: #fff; --ink: #1f2328; --soft: #59636e; --grid: #e4e8ec; --trace: #3b6ea8; --found: #c4314b; --xqrs: #59636e; --band: #0969da14 }
@media (prefers-color-scheme: dark) {
  svg { --page: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --grid: #262c34; --trace: #79b0ec; --found: #ff7b8a; --xqrs: #9198a1; --band: #79b0ec1f }
}
text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: var(--soft) }
.title { font-size: 14px; font-weight: 600; fill: var(--ink) }
.page { fill: var(--page) }
.grid { stroke: var(--grid) }
.hairline { stroke: var(--found); stroke-opacity: .25 }
.signal { fill: none; stroke: var(--trace); stroke-width: 1.4; stroke-linejoin: round }
.found { fill: var(--found); stroke: var(--page); stroke-width: 1 }
.xqrs { fill: none; stroke: var(--xqrs); stroke-width: 1.4; stroke-linejoin: round }
.beat { stroke: var(--trace); stroke-opacity: .6; stroke-width: 3; stroke-linecap: round }
.rate { fill: none; stroke: var(--found); stroke-width: 2; stroke-linejoin: round }
.band { fill: var(--band) }
`;
