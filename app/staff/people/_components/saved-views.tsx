import { getTranslations } from 'next-intl/server'
import type { StaffActor } from '@/lib/actor'
import { toParameters } from '@/lib/list/search'
import { type SavedView, toKeptFilters, viewNameMax } from '@/lib/people/saved-views'
import { type PeopleFilters, peopleHref } from '@/lib/people/schema'
import { may } from '@/lib/staff/abilities'

type Props = { actor: StaffActor; views: readonly SavedView[]; filters: PeopleFilters }

/** Filters that somebody saved, as links, and the ways to save those of the list, to ask these people, and to delete one. */
export async function SavedViews({ actor, views, filters }: Props) {
  const t = await getTranslations('staff.people.views')
  const kept = toParameters(toKeptFilters(filters)).toString()
  const asked = toParameters(toKeptFilters({ ...filters, sort: null })).toString()
  const mine = views.filter(({ mayDelete }) => mayDelete)
  if (views.length === 0 && !kept) return null
  return (
    <section
      id="views"
      aria-label={t('title')}
      className="no-print flex flex-wrap items-center gap-x-4 gap-y-1 text-sm"
    >
      {views.length > 0 ? <span className="text-ink-soft">{t('title')}</span> : null}
      {views.map((view) => (
        <a
          key={view.id}
          href={peopleHref(view.filters)}
          aria-current={toParameters(view.filters).toString() === kept ? 'true' : undefined}
          className="inline-flex min-h-8 items-center aria-[current]:font-semibold"
        >
          <bdi translate="no" className="[overflow-wrap:anywhere]">
            {view.name}
          </bdi>
        </a>
      ))}
      {kept ? <SaveForm kept={kept} isSearched={filters.q !== null} /> : null}
      {asked && may(actor, 'writeCampaigns') ? (
        <a
          href={`/staff/campaigns/new?filters=${encodeURIComponent(asked)}`}
          className="inline-flex min-h-8 items-center"
        >
          {t('campaign')}
        </a>
      ) : null}
      {mine.length > 0 ? <DeleteForm views={mine} /> : null}
    </section>
  )
}

async function SaveForm({ kept, isSearched }: { kept: string; isSearched: boolean }) {
  const t = await getTranslations('staff.people.views')
  return (
    <details>
      <summary className="inline-flex min-h-8 items-center text-accent underline">{t('save')}</summary>
      <form method="post" action="/staff/people/views" className="card card-small mt-1 space-y-3">
        <input type="hidden" name="filters" value={kept} />
        <label className="block space-y-1">
          <span className="block font-medium">{t('name')}</span>
          <input
            name="name"
            required
            maxLength={viewNameMax}
            autoComplete="off"
            className="input w-full max-w-[20rem]"
          />
        </label>
        <label className="flex min-h-6 items-center gap-2">
          <input type="checkbox" name="shared" value="yes" className="size-5 shrink-0" />
          {t('shared')}
        </label>
        {isSearched ? <p className="note">{t('withoutSearch')}</p> : null}
        <button type="submit" className="btn btn-quiet">
          {t('saveButton')}
        </button>
      </form>
    </details>
  )
}

async function DeleteForm({ views }: { views: readonly SavedView[] }) {
  const t = await getTranslations('staff.people.views')
  return (
    <details>
      <summary className="inline-flex min-h-8 items-center text-accent underline">{t('delete')}</summary>
      <ul className="card card-small mt-1 space-y-2">
        {views.map(({ id, name, shared }) => (
          <li key={id}>
            <form
              method="post"
              action="/staff/people/views/removal"
              className="flex flex-wrap items-center justify-between gap-3"
            >
              <input type="hidden" name="view" value={id} />
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <bdi translate="no">{name}</bdi>{' '}
                {shared ? <span className="text-ink-soft">({t('ofTeam')})</span> : null}
              </span>
              <button type="submit" aria-label={t('deleteOne', { name })} className="btn btn-quiet text-sm">
                {t('deleteButton')}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </details>
  )
}
