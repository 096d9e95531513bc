import { findPlaces, type Places, pageSize } from '@/bench/places'
import { readAsStranger, type SizedPortal } from '@/bench/sizes'
import { type Figure, median, perSecondInTurn, timeInTurn } from '@/bench/timing'
import {
  columnOf,
  type ListFilters,
  type ListSort,
  listSorts,
  parseListFilters,
  sortColumnsOf,
  toSearchParams,
} from '@/lib/researchers/schema'

const ago = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/** Each filter by itself, as the address of the list has it. */
export const singles = {
  nothing: '',
  'state connected': 'state=connected',
  'state identity-only': 'state=identity-only',
  'state withdrawn': 'state=withdrawn',
  'state expired': 'state=expired',
  'state expiring': 'state=expiring',
  'state withdrawn-here': 'state=withdrawn-here',
  'state withdrawn-at-orcid': 'state=withdrawn-at-orcid',
  'state deprecated': 'state=deprecated',
  'state deactivated': 'state=deactivated',
  'state locked': 'state=locked',
  'state conflict': 'state=conflict',
  'finding good': 'finding=good',
  'has a scope': 'scope=/activities/update',
  'lacks a scope': 'lacks=/person/update',
  'connected between': 'connected-from=2026-03-01&connected-to=2026-03-31',
  'checked before': `checked-before=${ago(3)}`,
  'not checked for long': `checked-before=${ago(90)}`,
  'withdrawn since': `withdrawn-since=${ago(30)}`,
  'expiring within': 'expiring-within=12',
  department: 'department=History',
} as const

export const searches = {
  'part of a name': 'q=muller',
  'one letter': 'q=王',
  'two letters': 'q=an',
  'part of an iD': 'q=0009-98',
  'no match': 'q=qzxqzx',
}

export const combinations = [
  'q=an&state=withdrawn&sort=name',
  'q=0001&state=connected&scope=/read-limited&sort=-expires',
  'state=connected&lacks=/person/update&connected-from=2025-06-01&sort=checked',
  'department=History&state=identity-only&sort=-name',
  'q=qzxqzx&state=expiring&scope=/activities/update',
  'state=locked&connected-to=2025-01-01&sort=orcid',
  `q=an&withdrawn-since=${ago(30)}&sort=connected`,
  `department=History&checked-before=${ago(90)}&sort=-checked`,
]

type Case = { paths: string[]; rows: number[] }

/** (a) the list at each size; growth is from the smallest size on which the page is as full as on the largest. */
export async function measureList(portals: readonly SizedPortal[], { quick }: { quick: boolean }): Promise<Figure[]> {
  const sorts: readonly ListSort[] = quick ? ['-connected', '-withdrew', 'name'] : listSorts
  const figures: Figure[] = []
  const all: Growth = { ratios: [], worst: { ratio: 0, path: '' } }
  for (const [filter, query] of Object.entries(singles)) {
    const { filters } = parseListFilters(new URLSearchParams(query))
    const offered = sorts.filter((sort) => sortColumnsOf(filters).includes(columnOf(sort)))
    const places = await Promise.all(portals.map((portal) => findPlaces(portal, filters, offered)))
    const cases = offered.flatMap((sort) => makeCases({ ...filters, sort }, places))
    figures.push(await measureGrowth(portals, { filter, cases, again: quick ? 5 : 9, all }))
  }
  const { ratios, worst } = all
  const ratio = median(ratios)
  return [
    ...figures,
    { what: 'list, all filters: growth', value: ratio, ratio, atMost: 1.3, note: `median of ${ratios.length} pages` },
    {
      what: 'list, all filters: the slowest page',
      value: worst.ratio,
      ratio: worst.ratio,
      atMost: 3,
      note: worst.path,
    },
  ]
}

type Growth = { ratios: number[]; worst: { ratio: number; path: string } }
type Growing = { filter: string; cases: Case[]; again: number; all: Growth }

/** The median of the ratios between the largest size and the smallest comparable one; adds each to `all`. */
async function measureGrowth(portals: readonly SizedPortal[], { filter, cases, again, all }: Growing): Promise<Figure> {
  const ratios: number[] = []
  const times: number[] = []
  for (const { paths, rows } of cases) {
    const last = portals.length - 1
    const first = rows.indexOf(rows[last] ?? 0)
    const works = [first, last].map((place) => () => portals[place]?.get(paths[place] ?? '') ?? Promise.resolve(''))
    let [small = 0, large = 0] = await timeInTurn(works, 3)
    // What looks slow is looked at again, for longer: one pause of the machine is no growth.
    if (large / small > 1.3) [small = 0, large = 0] = await timeInTurn(works, again)
    times.push(large)
    if (first === last) continue
    ratios.push(large / small)
    if (large / small > all.worst.ratio) all.worst = { ratio: large / small, path: toNote(paths[last] ?? '') }
  }
  all.ratios.push(...ratios)
  const ratio = ratios.length > 0 ? median(ratios) : 1
  const slowest = `${cases.length} pages, the slowest ${Math.round(Math.max(...times))} ms`
  return { what: `list, ${filter}: growth`, value: median(times), ratio, note: slowest }
}

const toNote = (path: string) => path.replace('/staff/researchers?', '').replace(/cursor=[^&]*/, 'cursor')

/** The first, the middle and the last page of one filter in one order, as addresses on each portal. */
function makeCases(filters: ListFilters & { sort: ListSort }, places: readonly Places[]): Case[] {
  return [0, 1, 2].map((nth) => ({
    paths: places.map(({ cursors }) => toPath({ ...filters, cursor: cursors[filters.sort]?.[nth] ?? null })),
    rows: places.map(({ count }) => Math.min(pageSize, count)),
  }))
}

const toPath = (filters: ListFilters) => `/staff/researchers?${toSearchParams(filters)}`

/** Searches and combinations at the largest size, beside the unfiltered page. */
export async function measureSearches(
  portals: readonly SizedPortal[],
  { quick }: { quick: boolean },
): Promise<Figure[]> {
  const rounds = quick ? 5 : 9
  const largest = portals.at(-1)
  if (!largest) return []
  const get = (query: string) => () => largest.get(`/staff/researchers?${query}`)
  const constants = () => readAsStranger(`${largest.url}/bench/limit`)
  /** What a page takes more than one without a database. */
  const beyondConstants = async (what: string, page: () => Promise<string>): Promise<Figure> => {
    const [limit = 0, found = 0] = await timeInTurn([constants, page], rounds)
    return { what, value: Math.max(0, found - limit), atMost: 300, note: 'ms beyond the rows from constants' }
  }
  const figures: Figure[] = []
  for (const [what, query] of Object.entries(searches)) {
    figures.push(await beyondConstants(`search, ${what}`, get(query)))
  }
  for (const query of combinations) figures.push(await beyondConstants(`combination ${query}`, get(query)))
  return figures
}

/** (b) the list beside the same rows from constants, and beside the list of a textbook. */
export async function measureLimits(portals: readonly SizedPortal[], { quick }: { quick: boolean }): Promise<Figure[]> {
  const largest = portals.at(-1)
  if (!largest) return []
  const seconds = quick ? 6 : 15
  const list = () => largest.get('/staff/researchers')
  const limit = () => readAsStranger(`${largest.url}/bench/limit`)
  const textbook = () => readAsStranger(`${largest.url}/bench/textbook`)
  const [ours = 0, most = 0, theirs = 0] = await perSecondInTurn([list, limit, textbook], seconds)
  const deep = `page=${Math.floor(largest.size / pageSize / 2)}`
  const { filters } = parseListFilters(new URLSearchParams('sort=-connected'))
  const { cursors } = await findPlaces(largest, filters, ['-connected'])
  const pairs: [string, string, string][] = [
    ['middle page', deep, toSearchParams({ ...filters, cursor: cursors['-connected']?.[1] ?? null }).toString()],
    ['search', 'q=muller', 'q=muller'],
  ]
  const figures: Figure[] = [
    {
      what: 'list beside rows from constants, per second',
      value: ours,
      against: most,
      ratio: ours / most,
      atLeast: 0.8,
    },
    { what: 'list beside the textbook, per second', value: ours, against: theirs, ratio: ours / theirs },
    ...(await measureBesideBare(largest, seconds)),
    { what: 'HTML of the list, kB', value: kilobytesOf(await list()), atMost: 200 },
  ]
  for (const [what, textbookQuery, query] of pairs) {
    let gaveUp = false
    const works = [
      () => largest.get(`/staff/researchers?${query}`),
      // The database gives up what takes too long; that is how long it took at the least.
      () => readAsStranger(`${largest.url}/bench/textbook?${textbookQuery}`).catch(() => (gaveUp = true)),
    ]
    const [own = 0, other = 0] = await timeInTurn(works, 5)
    const note = gaveUp ? 'the textbook was given up by the database' : undefined
    figures.push({ what: `${what} beside the textbook, ms`, value: own, against: other, ratio: own / other, note })
  }
  return figures
}

const kilobytesOf = (html: string) => Buffer.byteLength(html) / 1_000

/** The list and the overview beside a page of the same build that holds a sentence. */
async function measureBesideBare(portal: SizedPortal, seconds: number): Promise<Figure[]> {
  const list = () => portal.get('/staff/researchers')
  const overview = () => portal.get('/staff')
  const [bare = 0, ...both] = await perSecondInTurn(
    [() => readAsStranger(`${portal.url}/bench/bare`), list, overview],
    seconds,
  )
  const names = ['list', 'overview']
  return both.map((value, index) => ({
    what: `${names[index]} beside a bare page, per second`,
    value,
    against: bare,
    ratio: value / bare,
  }))
}

/** The overview for whoever opens it first after a start: nothing is counted yet. Call it before anything reads a page. */
export async function measureFirstView(portals: readonly SizedPortal[]): Promise<Figure[]> {
  const large = portals.at(-1)
  if (!large) return []
  // What a process does once, whatever the size, is no part of it.
  await large.get('/staff/team')
  const startedAt = performance.now()
  await large.get('/staff')
  return [{ what: 'overview: the first view, ms', value: performance.now() - startedAt, atMost: 1_500 }]
}

/** (d) the overview at each size. */
export async function measureHome(portals: readonly SizedPortal[]): Promise<Figure[]> {
  const works = portals.map((portal) => () => portal.get('/staff'))
  await timeInTurn(works, 3)
  const times = await timeInTurn(works, 15)
  const [small = 0] = times
  const large = times.at(-1) ?? 0
  const html = (await portals.at(-1)?.get('/staff')) ?? ''
  return [
    { what: 'overview: growth', value: large, against: small, ratio: large / small, atMost: 1.3 },
    { what: 'HTML of the overview, kB', value: kilobytesOf(html), atMost: 100 },
  ]
}
