import { getFormatter } from 'next-intl/server'
import type { ReactNode } from 'react'
import { type Axis, plotHeight, shownNames } from '@/app/staff/_components/charts/axis'

type Props = {
  axis: Axis
  /** Under the axis, from the left to the right, each in a band of the same width. */
  names: string[]
  /** Drawn in a plot whose x is in percent and whose y, from the scale, in pixels. */
  children: (y: (value: number) => number) => ReactNode
}

/**
 * The frame of a chart over time: as wide as there is room, by percentages, so that text and lines keep their size
 * without a script. For the eye alone; its text and its table say the same.
 */
export async function Plot({ axis, names, children }: Props) {
  const format = await getFormatter()
  const { y, ticks } = axis
  const { always, often } = shownNames(names.length)
  return (
    <div className="plot" dir="ltr">
      <svg aria-hidden="true" className="plot-values" width="3rem" height={plotHeight + 36}>
        {ticks.map((tick) => (
          <text key={tick} x="100%" y={y(tick) + 12} dy="0.32em" textAnchor="end">
            {format.number(tick, axis.format(tick))}
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
          often(index) && name.trim() ? (
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

/** The last point of a line, with what it comes to. `x` in percent. */
export function LastPoint({ x, y, children }: { x: number; y: number; children: string }) {
  return (
    <>
      <circle cx={`${x}%`} cy={y} r="4" fill="var(--accent)" />
      <text x={`${x}%`} y={y} dx="4" dy="-0.75em" textAnchor="end" className="plot-last">
        {children}
      </text>
    </>
  )
}

/** Draws paths whose x is in percent, as wide as there is room. */
export function Stretched({ children }: { children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      width="100%"
      height={plotHeight}
      viewBox={`0 0 100 ${plotHeight}`}
      preserveAspectRatio="none"
    >
      {children}
    </svg>
  )
}
