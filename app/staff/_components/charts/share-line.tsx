import { line } from 'd3-shape'
import { shares } from '@/app/staff/_components/charts/axis'
import { LastPoint, Plot, Stretched } from '@/app/staff/_components/charts/plot'

type Props = { points: (number | null)[]; names: string[]; last: string }

/** A share at the end of each period, from nothing to all; periods without one are passed over. */
export function ShareLine({ points, names, last }: Props) {
  const step = 100 / points.length
  const known = points.flatMap((share, index) => (share === null ? [] : [{ share, x: step * (index + 0.5) }]))
  const end = known.at(-1)
  return (
    <Plot axis={shares} names={names}>
      {(y) => {
        const path = line<(typeof known)[number]>()
          .x(({ x }) => x)
          .y(({ share }) => y(share))
        return (
          <>
            <Stretched>
              <path d={path(known) ?? ''} className="plot-stroke" />
            </Stretched>
            {end ? (
              <LastPoint x={end.x} y={y(end.share)}>
                {last}
              </LastPoint>
            ) : null}
          </>
        )
      }}
    </Plot>
  )
}
