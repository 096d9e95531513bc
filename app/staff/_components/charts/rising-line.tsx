import { area, line } from 'd3-shape'
import { plotHeight, upwards } from '@/app/staff/_components/charts/axis'
import { LastPoint, Plot, Stretched } from '@/app/staff/_components/charts/plot'

/** A number at the end of each period, from zero up, with the last one written beside its point. */
export function RisingLine({ names, values, last }: { names: string[]; values: number[]; last: string }) {
  const step = 100 / values.length
  const x = (_: number, index: number) => step * (index + 0.5)
  return (
    <Plot axis={upwards(Math.max(...values))} names={names}>
      {(y) => (
        <>
          <Stretched>
            <path d={area<number>().x(x).y0(plotHeight).y1(y)(values) ?? ''} className="plot-fill" />
            <path d={line<number>().x(x).y(y)(values) ?? ''} className="plot-stroke" />
          </Stretched>
          <LastPoint x={100 - step / 2} y={y(values.at(-1) ?? 0)}>
            {last}
          </LastPoint>
        </>
      )}
    </Plot>
  )
}
