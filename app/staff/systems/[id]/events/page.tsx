import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { BackLink } from '@/app/staff/_components/back-link'
import { Fact, Facts } from '@/app/staff/_components/facts'
import { getRightWords } from '@/app/staff/systems/_components/system-words'
import { DeliveryTable } from '@/app/staff/systems/[id]/events/_components/delivery-table'
import { WebhookForms } from '@/app/staff/systems/[id]/events/_components/webhook-forms'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { readOne, type SearchParams } from '@/lib/list/search'
import { findSystem } from '@/lib/systems/queries'
import { deliveryCursor, findWebhook, listDeliveries } from '@/lib/webhooks/queries'
import { addressOf } from '@/lib/webhooks/schema'

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

const looks = { on: 'connected', failing: 'expired', off: 'ended', failed: 'withdrawn' } as const

const goodNotes = ['saved', 'on', 'off', 'tested', 'again', 'replayed', 'removed'] as const
const badNotes = ['bad-url', 'private-url', 'bad-recipient', 'bad-position', 'nothing'] as const

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.systems.events'))('title'), robots: { index: false } }
}

/** The webhook of a system: whether it works, each delivery, and how to send again. */
export default availablePage(async function EventsPage({ params, searchParams }: Props) {
  const actor = await requireStaff('manageSystems')
  const system = await findSystem(actor, (await params).id)
  if (!system) notFound()
  const t = await getTranslations('staff.systems.events')
  const query = await searchParams
  const cursor = deliveryCursor.safeParse(readOne(query, 'cursor')).data ?? null
  const webhook = await findWebhook(actor, system.id)
  const address = webhook && addressOf(webhook.url)
  const listed = webhook ? await listDeliveries(actor, webhook.id, cursor) : null
  const state =
    webhook?.state === 'on' && !address && listed && listed.failed > 0 ? 'failing' : (webhook?.state ?? 'off')
  const said = readOne(query, 'note')
  const note = [...goodNotes, ...badNotes].find((one) => one === said)
  const toRight = await getRightWords()
  const mayRead = system.rights.includes('events:read')
  return (
    <div className="max-w-[56rem] space-y-8">
      <div className="space-y-2">
        <BackLink href={`/staff/systems/${system.id}`}>
          <bdi translate="no">{system.name}</bdi>
        </BackLink>
        <h1>{t('title')}</h1>
        <p>{t('lead')}</p>
      </div>
      {note ? (
        <Notice tone={badNotes.some((one) => one === note) ? 'warn' : 'good'}>{t(`notes.${note}`)}</Notice>
      ) : null}
      {mayRead ? null : (
        <Notice tone="warn">
          {t.rich('noRight', {
            right: toRight('events:read'),
            change: (words) => (
              <a key="change" href={`/staff/systems/${system.id}/edit#rights`}>
                {words}
              </a>
            ),
          })}
        </Notice>
      )}
      {system.isStopped ? <Notice tone="warn">{t('stopped')}</Notice> : null}
      {webhook && !address && !webhook.hasSecret ? <Notice tone="warn">{t('secretLost')}</Notice> : null}
      {webhook && listed ? (
        <Facts label={t('title')}>
          <Fact name={t(address ? 'digest' : 'webhook')}>
            <State state={looks[state]}>{t(`states.${state}`)}</State>{' '}
            <span className="note">
              <When at={webhook.stateSince} />
            </span>
          </Fact>
          <Fact name={t(address ? 'recipient' : 'address')}>
            <span translate="no" className="mono [overflow-wrap:anywhere]">
              {address ?? webhook.url}
            </span>
          </Fact>
          <Fact name={t('waiting')}>{listed.waiting}</Fact>
          <Fact name={t('position')}>{t('at', { position: `${webhook.position}` })}</Fact>
          {webhook.formerUntil && webhook.formerUntil > new Date() ? (
            <Fact name={t('formerSecret')}>
              <When at={webhook.formerUntil} show="time" />
            </Fact>
          ) : null}
        </Facts>
      ) : null}
      <WebhookForms systemId={system.id} webhook={webhook} />
      {webhook && listed ? <DeliveryTable systemId={system.id} isOn={webhook.state === 'on'} {...listed} /> : null}
    </div>
  )
})
