import { line } from 'd3-shape'
import { getFormatter } from 'next-intl/server'
import { plotHeight, shownNames } from '@/app/staff/_components/charts/axis'

type Props = { points: (number | null)[]; names: string[]; last: string }

const ticks = [0, 0.25, 0.5, 0.75, 1]
const y = (share: number) => plotHeight * (1 - share)

/** A share at the end of each period, from nothing to all; periods without one are passed over. */
export async function ShareLine({ points, names, last }: Props) {
  const format = await getFormatter()
  const { always, often } = shownNames(names.length)
  const step = 100 / points.length
  const known = points.flatMap((share, index) => (share === null ? [] : [{ share, x: step * (index + 0.5) }]))
  const end = known.at(-1)
  const path = line<(typeof known)[number]>()
    .x(({ x }) => x)
    .y(({ share }) => y(share))
  return (
    <div className="plot" dir="ltr">
      <svg aria-hidden="true" className="plot-values" width="3rem" height={plotHeight + 36}>
        {ticks.map((tick) => (
          <text key={tick} x="100%" y={y(tick) + 12} dy="0.32em" textAnchor="end">
            {format.number(tick, { style: 'percent' })}
          </text>
        ))}
      </svg>
      <svg aria-hidden="true" className="plot-area" width="100%" height={plotHeight + 36}>
        <svg aria-hidden="true" y="12" width="100%" height={plotHeight} overflow="visible">
          {ticks.map((tick) => (
            <line key={tick} x2="100%" y1={y(tick)} y2={y(tick)} className={tick === 0 ? 'plot-ground' : 'plot-line'} />
          ))}
          <svg
            aria-hidden="true"
            width="100%"
            height={plotHeight}
            viewBox={`0 0 100 ${plotHeight}`}
            preserveAspectRatio="none"
          >
            <path d={path(known) ?? ''} className="plot-stroke" />
          </svg>
          {end ? (
            <>
              <circle cx={`${end.x}%`} cy={y(end.share)} r="4" fill="var(--accent)" />
              <text x={`${end.x}%`} y={y(end.share)} dx="4" dy="-0.75em" textAnchor="end" className="plot-last">
                {last}
              </text>
            </>
          ) : null}
        </svg>
        {names.map((name, index) =>
          often(index) && name.trim() ? (
            <text
              key={name}
              x={`${step * (index + 0.5)}%`}
              y={plotHeight + 30}
              textAnchor="middle"
              className={always(index) ? undefined : 'plot-wide'}
            >
              {name}
            </text>
          ) : null,
        )}
      </svg>
    </div>
  )
}
