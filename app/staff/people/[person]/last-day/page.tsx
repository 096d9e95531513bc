import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { DateField } from '@/app/staff/_components/fields'
import { LeavingNotice } from '@/app/staff/_components/leaving-notice'
import { getLeavingDates, getLeavingRules } from '@/app/staff/_components/leaving-rules'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { findPerson } from '@/lib/people/queries'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.lastDay'))('title'), robots: { index: false } }
}

type Props = { params: Promise<{ person: string }>; searchParams: Promise<{ result?: string | string[] }> }

/** When somebody leaves. Clearing or moving the day brings back somebody who was paused. */
export default availablePage(async function LastDayPage({ params, searchParams }: Props) {
  const actor = await requireStaff('setLastDays')
  const id = z.uuid().safeParse((await params).person)
  const person = id.success ? await findPerson(actor, id.data) : null
  if (!person || person.mergedIntoId) notFound()
  const t = await getTranslations('staff')
  const { name, localId, leavesOn, state } = person
  return (
    <div className="max-w-[40rem] space-y-6">
      <BackLink href={`/staff/people/${person.id}`}>{t('lastDay.back')}</BackLink>
      <h1>{t('lastDay.title')}</h1>
      {(await searchParams).result === 'saved' ? <Notice tone="good">{t('lastDay.saved')}</Notice> : null}
      <p className="font-semibold [overflow-wrap:anywhere]">
        <bdi translate="no">{[name ?? t('nameNotPublic'), localId].filter(Boolean).join(' · ')}</bdi>
      </p>
      <LeavingNotice person={person} />
      <form method="post" action="/staff/leavers/last-day" className="space-y-4">
        <input type="hidden" name="person" value={person.id} />
        <div className="max-w-[16rem]">
          <DateField
            name="last_day"
            label={t('lastDay.label')}
            value={leavesOn ? leavesOn.toISOString().slice(0, 10) : null}
          />
        </div>
        <p className="max-w-[65ch]">
          {await getLeavingRules()}{' '}
          {leavesOn && (state === 'active' || state === 'leaving') ? await getLeavingDates(leavesOn) : null}
        </p>
        <p className="note">{t('lastDay.hint')}</p>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          <button type="submit" className="btn btn-primary">
            {t('lastDay.button')}
          </button>
          <a href={`/staff/people/${person.id}`} className="inline-flex min-h-8 items-center">
            {t('lastDay.cancel')}
          </a>
        </div>
      </form>
    </div>
  )
})
