import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { FormField } from '@/app/staff/_components/form-field'
import { env } from '@/lib/config/env'
import type { Webhook } from '@/lib/webhooks/queries'
import { addressOf } from '@/lib/webhooks/schema'

/** What staff can do with the webhook or the digest of a system. */
export async function WebhookForms({ systemId, webhook }: { systemId: string; webhook: Webhook | null }) {
  const t = await getTranslations('staff.systems.events')
  const ids = { systemId, webhook }
  if (!webhook)
    return (
      <section className="no-print space-y-4">
        <UrlForm {...ids} />
        <Details summary={t('digest')}>
          <p className="mt-3">{t('digestLead')}</p>
          <DigestForm {...ids} />
        </Details>
      </section>
    )
  const isOn = webhook.state === 'on'
  const isDigest = addressOf(webhook.url) !== null
  const [Own, Other] = isDigest ? [DigestForm, UrlForm] : [UrlForm, DigestForm]
  return (
    <section className="no-print space-y-4">
      <div className="flex flex-wrap gap-3">
        {isOn ? (
          <EventsForm systemId={systemId} action="test">
            <button type="submit" className="btn btn-quiet">
              {t('test')}
            </button>
          </EventsForm>
        ) : null}
        <EventsForm systemId={systemId} action={isOn ? 'off' : 'on'}>
          <button type="submit" className={`btn ${isOn ? 'btn-quiet' : 'btn-primary'}`}>
            {t(isOn ? 'switchOff' : 'switchOn')}
          </button>
        </EventsForm>
      </div>
      <Details summary={t('changeAddress')}>
        <Own {...ids} />
      </Details>
      {isDigest ? null : (
        <Details summary={t('changeSecret')}>
          <SaveForm systemId={systemId} action="secret">
            <p>{t('secretHint')}</p>
            <button type="submit" className="btn btn-quiet">
              {t('makeSecret')}
            </button>
          </SaveForm>
        </Details>
      )}
      <Details summary={t(isDigest ? 'toWebhook' : 'toDigest')}>
        <Other {...ids} />
      </Details>
      <Details summary={t('replay')}>
        <EventsForm systemId={systemId} action="replay">
          <div className="mt-3 max-w-[28rem] space-y-4">
            <FormField name="position" label={t('replayFrom')} hint={t('replayHint')} value="" kind="number" isNeeded />
            <button type="submit" className="btn btn-quiet">
              {t('replayNow')}
            </button>
          </div>
        </EventsForm>
      </Details>
      <Details summary={t(isDigest ? 'removeDigest' : 'remove')}>
        <EventsForm systemId={systemId} action="remove">
          <div className="mt-3 space-y-3">
            <ConfirmCheckbox>{t(isDigest ? 'removeDigestSure' : 'removeSure')}</ConfirmCheckbox>
            <button type="submit" className="btn btn-danger">
              {t(isDigest ? 'removeDigest' : 'remove')}
            </button>
          </div>
        </EventsForm>
      </Details>
    </section>
  )
}

type OfWebhook = { systemId: string; webhook: Webhook | null }

async function UrlForm({ systemId, webhook }: OfWebhook) {
  const t = await getTranslations('staff.systems.events')
  const url = webhook && addressOf(webhook.url) === null ? webhook.url : null
  return (
    <SaveForm systemId={systemId} action="save">
      <FormField name="url" label={t('address')} hint={t('addressHint')} value={url ?? ''} isNeeded />
      <button type="submit" className={`btn ${webhook ? 'btn-quiet' : 'btn-primary'}`}>
        {t(url ? 'saveAddress' : 'make')}
      </button>
    </SaveForm>
  )
}

async function DigestForm({ systemId, webhook }: OfWebhook) {
  const t = await getTranslations('staff.systems.events')
  if (!env().mail) return <p className="mt-3">{t('noMail')}</p>
  const address = webhook && addressOf(webhook.url)
  return (
    <SaveForm systemId={systemId} action="digest">
      <FormField name="recipient" label={t('recipient')} hint={t('recipientHint')} value={address ?? ''} isNeeded />
      <button type="submit" className="btn btn-quiet">
        {t(address ? 'saveAddress' : 'makeDigest')}
      </button>
    </SaveForm>
  )
}

type FormProps = { systemId: string; action: string; children: ReactNode }

function SaveForm({ systemId, action, children }: FormProps) {
  return (
    <form method="post" action="/staff/systems/webhook" className="mt-3 max-w-[36rem] space-y-4">
      <input type="hidden" name="system" value={systemId} />
      <input type="hidden" name="action" value={action} />
      {children}
    </form>
  )
}

export function EventsForm({ systemId, action, className, children }: FormProps & { className?: string }) {
  return (
    <form method="post" action="/staff/systems/events" className={className}>
      <input type="hidden" name="system" value={systemId} />
      <input type="hidden" name="action" value={action} />
      {children}
    </form>
  )
}

function Details({ summary, children }: { summary: string; children: ReactNode }) {
  return (
    <details>
      <summary className="min-h-6 text-sm">{summary}</summary>
      {children}
    </details>
  )
}
