import type { z } from 'zod'
import { makeDice } from '@/prisma/seed-dice'
import { makeName } from '@/prisma/seed-names'
import type { populationSchema } from '@/registry/admin-people'

type Person = z.input<typeof populationSchema>['people'][number]
export type Contents = Person['record']

const countries = ['GB', 'NO', 'DE', 'JP', 'NL', 'ES', 'IN', 'BR', 'CA', 'PL']
const schools = ['north', 'muster', 'rei', 'example']
const subjects = [
  'alpine glaciers',
  'public libraries',
  'protein folding',
  'medieval trade',
  'wind turbines',
  'early childhood',
  'plasma physics',
  'urban birds',
  'court records',
  'bilingual speech',
  'soil microbes',
  'graph theory',
]
const approaches = [
  'A long-term study of',
  'New methods for',
  'Open data on',
  'The limits of models of',
  'A history of',
]
const journals = ['Journal of Examples', 'Annals of Invented Science', 'Proceedings of the Sample Society']

const diceOf = (orcid: string) => makeDice(Number(orcid.replaceAll('-', '').slice(8, 15)))

/** What a person of the seed keeps in their record themselves: the same for the same iD. */
export function makeRecord(orcid: string, email: string): Contents {
  const dice = diceOf(orcid)
  const school = dice.pick(schools)
  const year = Math.floor(dice.between(1985, 2016))
  const about = [...new Set([dice.pick(subjects), dice.pick(subjects)])]
  const works = about.map((subject, index) => ({
    title: `${dice.pick(approaches)} ${subject}`,
    type: 'journal-article',
    journal: dice.pick(journals),
    date: String(year + 3 + index),
    ids: [{ type: 'doi', value: `10.5555/${orcid.replaceAll('-', '').slice(6)}.${index + 1}` }],
  }))
  return {
    countries: [{ code: dice.pick(countries) }],
    keywords: about.map((word) => ({ word })),
    emails: [{ address: email, visibility: dice.chance(0.5) ? 'limited' : 'private' }],
    affiliations: [{ kind: 'education', at: school, role: 'PhD', start: String(year - 4), end: String(year) }],
    works,
  }
}

/** The name of a record. ORCID tells nobody one that its owner keeps private; here it needs one all the same. */
export function splitName(orcid: string, name: string | null): Pick<Person, 'given' | 'family' | 'creditName'> {
  const shown = name ?? makeName(diceOf(orcid))
  const space = shown.lastIndexOf(' ')
  const [given, family] = space < 0 ? [shown, ''] : [shown.slice(0, space), shown.slice(space + 1)]
  return { given, family, creditName: shown }
}
