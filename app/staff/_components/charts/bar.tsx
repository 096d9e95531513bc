import { scaleLinear } from 'd3-scale'
import { type Look, looks } from '@/app/staff/_components/charts/patterns'

export type Part = { value: number; look: Look }

/** A number against `most`, for the eye alone: the row that it stands in says the same in figures. */
export function Bar({ parts, most }: { parts: Part[]; most: number }) {
  const share = scaleLinear()
    .domain([0, Math.max(most, 1)])
    .range([0, 100])
  return (
    <svg className="bar" width="100%" height="12" aria-hidden="true">
      <rect className="bar-ground" width="100%" height="12" />
      {parts.map(({ value, look }, index) => {
        const before = parts.slice(0, index).reduce((sum, part) => sum + part.value, 0)
        return <rect key={look} x={`${share(before)}%`} width={`${share(value)}%`} height="12" {...looks[look]} />
      })}
    </svg>
  )
}
