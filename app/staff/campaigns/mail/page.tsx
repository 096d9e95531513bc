import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { EmptyState } from '@/app/_components/empty-state'
import { Notice } from '@/app/_components/notice'
import { BackTo } from '@/app/staff/_components/back-link'
import { NumberTile } from '@/app/staff/_components/number-tile'
import { PagesByTime } from '@/app/staff/_components/pages'
import { MailStatus } from '@/app/staff/campaigns/mail/_components/mail-status'
import { MailSwitch } from '@/app/staff/campaigns/mail/_components/mail-switch'
import { MailTable } from '@/app/staff/campaigns/mail/_components/mail-table'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { countedMax } from '@/lib/list/count'
import { cursorParameter, timeCursor } from '@/lib/list/pagination'
import { parseParameters, type SearchParams, toHref, toParameters } from '@/lib/list/search'
import {
  describeSending,
  getMailFigures,
  listProblems,
  listRetried,
  type ProblemState,
  problemStates,
} from '@/lib/mail/queries'
import { may } from '@/lib/staff/abilities'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.mail'))('title'), robots: { index: false } }
}

const parameters = {
  state: z.enum(problemStates),
  note: z.enum(['again', 'not-again']),
  cursor: cursorParameter(timeCursor),
}
const retriedShown = 10

type Filters = { state: ProblemState | null; cursor: z.infer<typeof timeCursor> | null }
const hrefOf = (filters: Filters) => `${toHref('/staff/campaigns/mail', toParameters(filters))}#problems`

/** How the outbox stands, what did not arrive for certain, and the switch that stops all mail. */
export default availablePage(async function MailPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const actor = await requireStaff('seeCampaigns')
  const { values } = parseParameters(await searchParams, parameters)
  const filters = { state: values.state, cursor: values.cursor }
  const [t, figures, problems, retried] = await Promise.all([
    getTranslations('staff.mail'),
    getMailFigures(actor),
    listProblems(actor, filters),
    listRetried(actor, retriedShown),
  ])
  const mayRepeat = may(actor, 'invitePeople')
  const tile = (count: number) => ({ count: Math.min(count, countedMax), plus: count > countedMax })
  return (
    <div className="max-w-[64rem] space-y-8">
      <div className="space-y-4">
        <BackTo page="campaigns" />
        <h1>{t('title')}</h1>
        <MailStatus sending={describeSending(actor)} figures={figures} />
        {values.note ? (
          <Notice tone={values.note === 'again' ? 'good' : 'warn'}>{t(`notes.${values.note}`)}</Notice>
        ) : null}
        <ul className="grid gap-3 sm:grid-cols-3">
          <NumberTile href="#retried" {...tile(figures.waiting)}>
            {t('tiles.waiting')}
          </NumberTile>
          <NumberTile href={hrefOf({ state: 'perhaps_sent', cursor: null })} {...tile(figures.perhapsSent)}>
            {t('tiles.perhapsSent')}
          </NumberTile>
          <NumberTile href={hrefOf({ state: 'refused', cursor: null })} {...tile(figures.refused)}>
            {t('tiles.refused')}
          </NumberTile>
        </ul>
      </div>
      {may(actor, 'stopMail') ? <MailSwitch isStopped={figures.stoppedAt !== null} /> : null}
      <section id="problems" aria-labelledby="problems-title" className="space-y-3">
        <div className="flex flex-wrap items-baseline justify-between gap-x-6">
          <h2 id="problems-title">{t(values.state ? `problems.${values.state}` : 'problems.all')}</h2>
          {values.state ? (
            <a href={hrefOf({ state: null, cursor: null })} className="inline-flex min-h-6 items-center text-sm">
              {t('problems.showAll')}
            </a>
          ) : null}
        </div>
        <p className="note max-w-[65ch]">{t('problems.lead')}</p>
        {problems.rows.length === 0 ? (
          <EmptyState>{t('problems.none')}</EmptyState>
        ) : (
          <>
            <MailTable rows={problems.rows} label={t('problems.all')} mayRepeat={mayRepeat} />
            <PagesByTime page={problems} href={(cursor) => hrefOf({ ...filters, cursor })} />
          </>
        )}
      </section>
      <section id="retried" aria-labelledby="retried-title" className="space-y-3">
        <h2 id="retried-title">{t('retried.title')}</h2>
        {retried.length === 0 ? (
          <EmptyState>{t('retried.none')}</EmptyState>
        ) : (
          <>
            <MailTable rows={retried} label={t('retried.title')} mayRepeat={false} />
            {retried.length === retriedShown ? (
              <p className="note">{t('retried.last', { count: retriedShown })}</p>
            ) : null}
          </>
        )}
      </section>
    </div>
  )
})
