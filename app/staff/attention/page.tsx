import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { listAttentionItems } from '@/app/staff/_components/attention-items'
import { BackLink } from '@/app/staff/_components/back-link'
import { OpenItem } from '@/app/staff/attention/_components/open-item'
import { SettledItem } from '@/app/staff/attention/_components/settled-item'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { getOverview } from '@/lib/researchers/overview'
import { listAskable } from '@/lib/texts/asked'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.attention'))('title'), robots: { index: false } }
}

const notes = ['taken', 'day'] as const

/** All that needs somebody, who has it, and what is done or put off. */
export default availablePage(async function AttentionPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seeAttention')
  const t = await getTranslations('staff.attention')
  const said = readOne(await searchParams, 'note')
  const note = notes.find((one) => one === said)
  const now = new Date()
  const overview = await getOverview(actor, await listAskable(), now)
  const items = await listAttentionItems(actor, overview, now)
  const [open, settled] = [items.filter((one) => !one.isSettled), items.filter((one) => one.isSettled)]
  const { at } = overview
  return (
    <div className="max-w-[56rem] space-y-8">
      <div className="space-y-4">
        <BackLink href="/staff">{t('back')}</BackLink>
        <h1>{t('title')}</h1>
        <p className="max-w-[65ch]! text-ink-soft">{t('lead')}</p>
        {note ? <Notice tone="warn">{t(`notes.${note}`)}</Notice> : null}
      </div>
      {open.length === 0 ? <Notice tone="good">{t('calm')}</Notice> : null}
      <ul className="space-y-3">
        {open.map((item) => (
          <OpenItem key={item.key} item={item} actor={actor} at={at} />
        ))}
      </ul>
      {settled.length > 0 ? (
        <section aria-labelledby="settled" className="space-y-3">
          <h2 id="settled">{t('settled')}</h2>
          <ul className="card card-list">
            {settled.map((item) => (
              <SettledItem key={item.key} item={item} actor={actor} at={at} />
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  )
})
