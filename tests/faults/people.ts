import type { Person } from '@/registry/people'

/** Invented people, as many as there are schedules side by side. The range is nobody's at ORCID. */
export function inventPeople(count: number): Person[] {
  return Array.from({ length: count }, (_, index) => ({
    orcid: toOrcid(index),
    given: 'Person',
    family: String(index),
    creditName: null,
    nameVisibility: index % 5 === 0 ? ('private' as const) : ('public' as const),
    state: 'ok' as const,
    mergedInto: null,
    email: `person-${index}@example.org`,
    note: 'of the fault harness',
  }))
}

/** ISO/IEC 7064 MOD 11-2, as the structure of the iD demands. */
function toOrcid(index: number): string {
  const digits = `00000098${String(index).padStart(7, '0')}`
  const total = [...digits].reduce((sum, digit) => (sum + Number(digit)) * 2, 0)
  const check = (12 - (total % 11)) % 11
  return `${digits}${check === 10 ? 'X' : check}`.replace(/(.{4})(?=.)/g, '$1-')
}
