import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { EmptyState } from '@/app/_components/empty-state'
import { listNavItems } from '@/app/staff/_components/staff-nav'
import type { StaffActor } from '@/lib/actor'
import { findAttemptByReference } from '@/lib/attempts/lookup'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findOrcid } from '@/lib/orcid/id'
import { listFirstPeople } from '@/lib/people/queries'
import { listNearest } from '@/lib/researchers/nearest'
import { findResearcher } from '@/lib/researchers/queries'
import { toShownState } from '@/lib/researchers/researcher'
import { visibleName } from '@/lib/researchers/visible-name'
import { type Ability, may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.search'))('title'), robots: { index: false } }
}

type Result = { href: string; words: string; detail?: string | null; about?: string }

/** What a word leads to: a reference or an iD at once, or people, pages and actions to choose from. */
export default availablePage(async function SearchPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seePeople')
  const t = await getTranslations('staff.search')
  const pieces = await getTranslations('pieces')
  const now = new Date()
  const q = (readOne(await searchParams, 'q') ?? '').slice(0, 200)
  const attempt = await findAttemptByReference(actor, q)
  if (attempt) redirect(`/staff/attempts/${attempt.reference}`)
  const orcid = findOrcid(q)
  if (orcid && (await findResearcher(actor, orcid))) redirect(`/staff/researchers/${orcid}`)
  const found = q ? await listFirstPeople(actor, q) : []
  const nearest = q && found.length === 0 ? await listNearest(actor, q) : []
  const people = [
    ...found.map(({ id, orcid, name, localId, department, connection, expiresAt, finding }): Result => {
      const words = visibleName(name) ?? orcid ?? localId ?? ''
      const detail = orcid ?? localId
      const href = orcid ? `/staff/researchers/${orcid}` : `/staff/people/${id}`
      const state = connection ? toShownState({ state: connection, expiresAt, finding }, now) : 'not_connected'
      const about = [department, pieces(`state.${state}`)].filter(Boolean).join(' · ')
      return { href, words, detail: detail === words ? null : detail, about }
    }),
    ...nearest.map(
      ({ orcid, name }): Result => ({
        href: `/staff/researchers/${orcid}`,
        words: name ?? orcid,
        detail: name ? orcid : null,
      }),
    ),
  ]
  const pages = await listPages(q, actor)
  return (
    <div className="space-y-8">
      <h1>{q ? t('found', { q }) : t('title')}</h1>
      {people.length + pages.length === 0 ? (
        <EmptyState action={{ href: '/staff/people', label: t('toPeople') }}>{t('nothing')}</EmptyState>
      ) : null}
      <Results title={t(nearest.length > 0 ? 'nearest' : 'people')} results={people} />
      {found.length > 0 ? (
        <a href={`/staff/people?${new URLSearchParams({ q })}`} className="inline-flex min-h-8 items-center">
          {t('all')}
        </a>
      ) : null}
      <Results title={t('pages')} results={pages} />
    </div>
  )
})

/** Pages and actions with a word in their name that begins as `q` does; all without one. */
async function listPages(q: string, actor: StaffActor): Promise<Result[]> {
  const t = await getTranslations('staff')
  const pages = listNavItems(actor).map(({ key, href }): Result => ({ href, words: t(`nav.${key}`) }))
  const actions: [Ability, Result][] = [
    ['seeSupport', { href: '/staff/attempts', words: t('search.actions.reference') }],
    ['seePeople', { href: '/staff/sessions', words: t('search.actions.sessions') }],
    ['seeLeavers', { href: '/staff/leavers', words: t('leavers.title') }],
    ['writeAffiliations', { href: '/staff/import?kind=affiliations', words: t('search.actions.import') }],
    ['erasePeople', { href: '/staff/privacy', words: t('privacy.title') }],
    ['manageTeam', { href: '/staff/team#invite', words: t('search.actions.invite') }],
  ]
  const mine = actions.filter(([needs]) => may(actor, needs)).map(([, action]) => action)
  const wanted = q.toLocaleLowerCase()
  return [...pages, ...mine].filter(({ words }) =>
    words
      .toLocaleLowerCase()
      .split(/[\s-]+/)
      .some((word) => word.startsWith(wanted)),
  )
}

function Results({ title, results }: { title: string; results: Result[] }) {
  if (results.length === 0) return null
  return (
    <section className="space-y-2">
      <h2>{title}</h2>
      <ul className="divide-y divide-line border-line border-y">
        {results.map(({ href, words, detail, about }) => (
          <li key={href}>
            <a
              href={href}
              className="flex min-h-11 flex-wrap items-center gap-x-4 text-ink! no-underline! hover:bg-sunken"
            >
              <bdi className="font-medium">{words}</bdi>
              {detail ? <span className="mono text-ink-soft">{detail}</span> : null}
              {about ? <span className="note [overflow-wrap:anywhere]">{about}</span> : null}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}
