import type { AffiliationItem } from '@/lib/affiliations/affiliation'

/** Capitals, accents, punctuation, spaces and what nobody sees do not count. */
const fold = (text: string | null) =>
  (text ?? '')
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]|\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

const withoutZeros = (text: string) => fold(text).replace(/(?<!\p{N})0+(?=\p{N})/gu, '')

const isPart = (one: string, other: string) => ` ${one} `.includes(` ${other} `)

/**
 * Whether two items are nearly the same, so that nobody but a person can tell whether they are one: the same identifier
 * but for zeros and capitals; or the same title, with a department or a start that one of them says more exactly.
 */
export function isNearlySame(one: AffiliationItem, other: AffiliationItem): boolean {
  if (one.kind !== other.kind) return false
  if (withoutZeros(one.externalId) === withoutZeros(other.externalId)) return true
  const [title, otherTitle] = [fold(one.title) || one.title, fold(other.title) || other.title]
  if (title !== otherTitle) return false
  const [unit, otherUnit] = [fold(one.department), fold(other.department)]
  const [start, otherStart] = [one.startOn ?? '', other.startOn ?? '']
  return (
    (isPart(unit, otherUnit) || isPart(otherUnit, unit) || unit === '' || otherUnit === '') &&
    (start.startsWith(otherStart) || otherStart.startsWith(start))
  )
}
