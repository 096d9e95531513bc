import { z } from 'zod'
import { ApiError } from './api-error'

const part = z.object({ value: z.union([z.string(), z.number()]).transform(String) })

/** A date that may lack the day, or day and month. */
export const fuzzyDateSchema = z.object({ year: part, month: part.nullish(), day: part.nullish() })

type Part = { value: string }
export type FuzzyDate = { year: Part; month: Part | null; day: Part | null }

/** Pads month and day to two digits. Refuses impossible dates and years outside ORCID's schema. */
export function normaliseDate({ year, month, day }: z.output<typeof fuzzyDateSchema>): FuzzyDate {
  const texts = [year, month, day].map((one) => one?.value ?? null)
  const shown = texts.filter((text) => text !== null).join('-')
  const invalid = () => new ApiError('9049', { values: { dateString: shown } })
  if (texts.some((text) => text !== null && !/^\d{1,4}$/.test(text))) throw invalid()
  const [y, m, d] = texts.map((text) => (text === null ? null : Number(text)))
  if (y === undefined || y === null || y < 1900 || y > 2100) throw invalid()
  if (m === undefined || m === null) {
    if (d !== null) throw invalid()
    return { year, month: null, day: null }
  }
  if (m < 1 || m > 12) throw invalid()
  if (d === undefined || d === null) return { year, month: twoDigits(m), day: null }
  if (new Date(Date.UTC(y, m - 1, d)).getUTCDate() !== d) throw invalid()
  return { year, month: twoDigits(m), day: twoDigits(d) }
}

function twoDigits(number: number): Part {
  return { value: String(number).padStart(2, '0') }
}

/** The start must not be after the end, at the shared precision. */
export function checkDates(start: FuzzyDate | null, end: FuzzyDate | null): void {
  if (!start || !end) return
  for (const name of ['year', 'month', 'day'] as const) {
    const [one, other] = [start[name], end[name]]
    if (!one || !other || one.value < other.value) return
    if (one.value > other.value) throw new ApiError('9055')
  }
}
