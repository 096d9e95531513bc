import { scaleBand } from 'd3-scale'
import { plotHeight, upwards } from '@/app/staff/_components/charts/axis'
import { Plot } from '@/app/staff/_components/charts/plot'

export type Column = { name: string; title: string; value: number; href: string }

/** A column for each period, as high as its number, leading to its rows as the table does. */
export function Columns({ columns }: { columns: Column[] }) {
  const indexes = columns.map((_, index) => index)
  const x = scaleBand<number>().domain(indexes).range([0, 100]).paddingInner(0.28).paddingOuter(0.14)
  return (
    <Plot axis={upwards(Math.max(...columns.map(({ value }) => value)))} names={columns.map(({ name }) => name)}>
      {(y) =>
        columns.map(({ name, title, value, href }, index) => (
          // The same links are in the table, for those who come by keyboard.
          <a key={name} href={href} tabIndex={-1} className="plot-column">
            <title>{title}</title>
            <rect x={`${x.step() * index}%`} width={`${x.step()}%`} height={plotHeight} fill="transparent" />
            <rect
              x={`${x(index)}%`}
              width={`${x.bandwidth()}%`}
              y={value > 0 ? Math.min(y(value), plotHeight - 1) : plotHeight}
              height={value > 0 ? Math.max(plotHeight - y(value), 1) : 0}
              fill="var(--accent)"
            />
          </a>
        ))
      }
    </Plot>
  )
}
