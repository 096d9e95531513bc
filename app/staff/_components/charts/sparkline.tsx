import { line } from 'd3-shape'

const size = { width: 132, height: 36 }

/** How a share went, for the eye alone: the sentence beside it says where it stands. */
export function Sparkline({ values }: { values: (number | null)[] }) {
  const known = values.flatMap((value, index) => (value === null ? [] : [{ value, index }]))
  const last = known.at(-1)
  if (known.length < 2 || !last) return null
  const step = (size.width - 8) / Math.max(values.length - 1, 1)
  const most = Math.max(...known.map(({ value }) => value), 0.01)
  const x = ({ index }: { index: number }) => 4 + step * index
  const y = ({ value }: { value: number }) => size.height - 4 - (value / most) * (size.height - 8)
  const path = line<(typeof known)[number]>().x(x).y(y)
  return (
    <svg aria-hidden="true" width={size.width} height={size.height} className="shrink-0">
      <path d={path(known) ?? ''} className="plot-stroke" />
      <circle cx={x(last)} cy={y(last)} r="3.5" fill="var(--accent)" />
    </svg>
  )
}
