import { getFormatter, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Notice } from '@/app/_components/notice'
import { State } from '@/app/_components/state'
import type { ListedItem } from '@/app/staff/_components/attention-items'
import type { StaffActor } from '@/lib/actor'
import { visibleName } from '@/lib/researchers/visible-name'
import { may } from '@/lib/staff/abilities'

type Props = { items: readonly ListedItem[]; actor: StaffActor }

const shownMax = 5

/** What needs somebody, most urgent first, with who has it; all of it and what is settled is one click further. */
export async function Attention({ items, actor }: Props) {
  const t = await getTranslations('staff.attention')
  const open = items.filter(({ isSettled }) => !isSettled)
  const others = open.length - shownMax
  const settled = items.length - open.length
  return (
    <section aria-labelledby="attention" className="space-y-2">
      <h2 id="attention">{t('title')}</h2>
      {open.length === 0 ? (
        <Notice tone="good">{t('calm')}</Notice>
      ) : (
        <form method="post" action="/staff/attention/change">
          <input type="hidden" name="action" value="take" />
          <input type="hidden" name="to" value="overview" />
          <ul className="card card-list py-1!">
            {open.slice(0, shownMax).map((item) => (
              <Row key={item.key} item={item} actor={actor} />
            ))}
          </ul>
        </form>
      )}
      <p className="text-sm">
        <a href="/staff/attention" className="inline-flex min-h-6 items-center">
          {others > 0 ? t('more', { count: others }) : settled > 0 ? t('settledMore', { count: settled }) : t('all')}
        </a>
      </p>
    </section>
  )
}

async function Row({ item, actor }: { item: ListedItem; actor: StaffActor }) {
  const t = await getTranslations('staff.attention')
  const { holder } = item.status ?? {}
  return (
    <li className="flex min-h-10 items-center gap-2 py-1.5 text-sm max-sm:py-3">
      <ItemLink item={item} />
      <span className="flex shrink-0 items-center">
        {holder ? (
          <a href={`/staff/attention#${item.key}`} className="inline-flex min-h-8 items-center font-medium">
            {holder.id === actor.staffId ? t('mine') : <bdi translate="no">{nameOf(holder)}</bdi>}
          </a>
        ) : may(actor, 'takeAttention') ? (
          <button
            type="submit"
            name="item"
            value={item.key}
            aria-label={`${t('actions.take')}: ${item.words}`}
            className="min-h-8 cursor-pointer text-accent underline"
          >
            {t('actions.take')}
          </button>
        ) : null}
      </span>
    </li>
  )
}

/** What an item is, leading to its rows where it has any. */
export async function ItemLink({ item: { href, count, state, words } }: { item: ListedItem }) {
  const format = await getFormatter()
  const said = (
    <State state={state}>
      <span className="whitespace-normal">
        <span className="font-semibold tabular-nums">{format.number(count)}</span> {words}
      </span>
    </State>
  )
  if (href === null) return <span className="min-w-0 flex-1">{said}</span>
  return (
    <a href={href} className="flex min-h-9 min-w-0 flex-1 items-center text-ink!">
      {said}
    </a>
  )
}

/** What the team calls one of them. */
export const nameOf = ({ name, orcid }: { name: string | null; orcid: string | null }) =>
  visibleName(name) ?? orcid ?? '–'

/** For `t.rich`: a colleague's name, which no translator touches. */
export const who = (words: ReactNode) => (
  <bdi key="who" translate="no">
    {words}
  </bdi>
)
