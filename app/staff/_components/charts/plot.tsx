import { getFormatter } from 'next-intl/server'
import type { ReactNode } from 'react'
import { plotHeight, shownNames, upwards } from '@/app/staff/_components/charts/axis'

type Props = {
  /** The largest number in it. */
  most: number
  /** Under the axis, from the left to the right, each in a band of the same width. */
  names: string[]
  /** Drawn in a plot whose x is in percent and whose y, from the scale, in pixels. */
  children: (y: (value: number) => number) => ReactNode
}

/**
 * The frame of a chart over time: as wide as there is room, by percentages, so that text and lines keep their size
 * without a script. For the eye alone; its text and its table say the same.
 */
export async function Plot({ most, names, children }: Props) {
  const format = await getFormatter()
  const { y, ticks } = upwards(most)
  const { always, often } = shownNames(names.length)
  return (
    <div className="plot" dir="ltr">
      <svg aria-hidden="true" className="plot-values" width="3rem" height={plotHeight + 36}>
        {ticks.map((tick) => (
          <text key={tick} x="100%" y={y(tick) + 12} dy="0.32em" textAnchor="end">
            {format.number(tick, { notation: tick >= 10_000 ? 'compact' : 'standard' })}
          </text>
        ))}
      </svg>
      <svg aria-hidden="true" className="plot-area" width="100%" height={plotHeight + 36}>
        <svg aria-hidden="true" y="12" width="100%" height={plotHeight} overflow="visible">
          {ticks.map((tick) => (
            <line key={tick} x2="100%" y1={y(tick)} y2={y(tick)} className={tick === 0 ? 'plot-ground' : 'plot-line'} />
          ))}
          {children(y)}
        </svg>
        {names.map((name, index) =>
          often(index) ? (
            <text
              key={name}
              x={`${(100 * (index + 0.5)) / names.length}%`}
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
