import type { Metadata } from 'next'
import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { BackLink } from '@/app/staff/_components/back-link'
import { AttemptFacts } from '@/app/staff/attempts/[reference]/_components/attempt-facts'
import { AttemptSummary } from '@/app/staff/attempts/[reference]/_components/attempt-summary'
import { ReferenceEvents } from '@/app/staff/attempts/[reference]/_components/reference-events'
import { findAttemptByReference, type ReferencedAttempt } from '@/lib/attempts/lookup'
import { type AuditRow, listEventsTogether } from '@/lib/audit/history'
import { availablePage, requireStaff, writeAfterVisit } from '@/lib/auth/gates'
import { readReference } from '@/lib/crypto/secrets'
import { decodeSegment } from '@/lib/http/own-path'
import { recordResearcherViewed } from '@/lib/researchers/commands'
import { may } from '@/lib/staff/abilities'

type Props = { params: Promise<{ reference: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const reference = readReference(decodeSegment((await params).reference))
  const [t, none] = await Promise.all([getTranslations('staff.attempt'), getTranslations('staff.noReference')])
  return { title: reference ? t('title', { reference }) : none('title'), robots: { index: false } }
}

/** What somebody quotes on the telephone leads here: to their connection attempt, or to what one request did. */
export default availablePage(async function ReferencePage({ params }: Props) {
  const actor = await requireStaff('seePeople')
  const given = decodeSegment((await params).reference)
  const reference = readReference(given) ?? notFound()
  const attempt = await findAttemptByReference(actor, reference)
  const together = attempt ? { attemptId: attempt.id } : { requestId: reference }
  const seesAll = may(actor, 'seeSupport')
  const events = seesAll ? await listEventsTogether(actor, together) : []
  if (!attempt && events.length === 0) notFound()
  if (given !== reference) redirect(`/staff/attempts/${reference}`)
  await writeAfterVisit(async () => {
    for (const { id } of [attempt?.researcher, attempt?.startedBy].filter((one) => !!one)) {
      await recordResearcherViewed(actor, id)
    }
  })
  const t = await getTranslations('staff.attempt')
  return (
    <div className="space-y-8">
      <div className="space-y-3">
        {seesAll ? <BackLink href="/staff/attempts">{t('all')}</BackLink> : null}
        <h1>
          {t.rich('heading', {
            code: () => (
              <code key="reference" className="whitespace-nowrap">
                {reference}
              </code>
            ),
          })}
        </h1>
      </div>
      {attempt ? <Attempt attempt={attempt} /> : <Request events={events} />}
      {seesAll ? <ReferenceEvents actor={actor} events={events} /> : null}
    </div>
  )
})

function Attempt({ attempt }: { attempt: ReferencedAttempt }) {
  return (
    <>
      <AttemptSummary attempt={attempt} />
      <AttemptFacts attempt={attempt} />
    </>
  )
}

/** What has this reference was no attempt, or is one no more. */
async function Request({ events }: { events: AuditRow[] }) {
  const t = await getTranslations('staff.request')
  const wasAttempt = events.some(({ attemptId }) => attemptId !== null)
  return <p>{wasAttempt ? t('attempt') : t('request')}</p>
}
