import { area, line } from 'd3-shape'
import { plotHeight } from '@/app/staff/_components/charts/axis'
import { Plot } from '@/app/staff/_components/charts/plot'

/** A number at the end of each period, from zero up, with the last one written beside its point. */
export function RisingLine({ names, values, last }: { names: string[]; values: number[]; last: string }) {
  const step = 100 / values.length
  const x = (_: number, index: number) => step * (index + 0.5)
  const most = Math.max(...values)
  return (
    <Plot most={most} names={names}>
      {(y) => (
        <>
          <svg
            aria-hidden="true"
            width="100%"
            height={plotHeight}
            viewBox={`0 0 100 ${plotHeight}`}
            preserveAspectRatio="none"
          >
            <path d={area<number>().x(x).y0(plotHeight).y1(y)(values) ?? ''} className="plot-fill" />
            <path d={line<number>().x(x).y(y)(values) ?? ''} className="plot-stroke" />
          </svg>
          <circle cx={`${100 - step / 2}%`} cy={y(values.at(-1) ?? 0)} r="4" fill="var(--accent)" />
          <text
            x={`${100 - step / 2}%`}
            y={y(values.at(-1) ?? 0)}
            dx="4"
            dy="-0.75em"
            textAnchor="end"
            className="plot-last"
          >
            {last}
          </text>
        </>
      )}
    </Plot>
  )
}
