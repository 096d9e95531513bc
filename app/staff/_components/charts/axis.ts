import { scaleLinear } from 'd3-scale'

export const plotHeight = 168

/** `y` gives pixels from the top; `format` says what stands at a tick. */
export type Axis = { y: (value: number) => number; ticks: number[]; format: (tick: number) => NumberFormatOptions }
type NumberFormatOptions = { style?: 'percent'; notation?: 'compact' | 'standard' }

/** From nothing to all. */
export const shares: Axis = {
  y: (share) => plotHeight * (1 - share),
  ticks: [0, 0.25, 0.5, 0.75, 1],
  format: () => ({ style: 'percent' }),
}

/** From 0 to a round number above `most`, with three or four lines on the way; people are counted in whole numbers. */
export function upwards(most: number): Axis {
  const y = scaleLinear()
    .domain([0, Math.max(most, 4)])
    .nice(4)
    .range([plotHeight, 0])
  return {
    y,
    ticks: y.ticks(4).filter(Number.isInteger),
    format: (tick) => ({ notation: tick >= 10_000 ? 'compact' : 'standard' }),
  }
}

/**
 * Which of `count` names under an axis are shown: `always` where there is little room, `often`, twice as many, where
 * there is much. The newest always is.
 */
export function shownNames(count: number): { always: (index: number) => boolean; often: (index: number) => boolean } {
  const step = Math.max(1, Math.ceil(count / namesMax))
  const every = (steps: number) => (index: number) => (count - 1 - index) % (steps * step) === 0
  return { always: every(2), often: every(1) }
}

const namesMax = 8
