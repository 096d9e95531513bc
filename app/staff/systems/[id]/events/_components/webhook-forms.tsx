import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { FormField } from '@/app/staff/_components/form-field'
import type { Webhook } from '@/lib/webhooks/queries'

/** What staff can do with the webhook of a system. */
export async function WebhookForms({ systemId, webhook }: { systemId: string; webhook: Webhook | null }) {
  const t = await getTranslations('staff.systems.events')
  const address = (
    <form method="post" action="/staff/systems/webhook" className="mt-3 max-w-[36rem] space-y-4">
      <input type="hidden" name="system" value={systemId} />
      <input type="hidden" name="action" value="save" />
      <FormField name="url" label={t('address')} hint={t('addressHint')} value={webhook?.url ?? ''} isNeeded />
      <button type="submit" className="btn btn-primary">
        {t(webhook ? 'saveAddress' : 'make')}
      </button>
    </form>
  )
  if (!webhook) return <section className="no-print">{address}</section>
  const isOn = webhook.state === 'on'
  return (
    <section className="no-print space-y-4">
      <div className="flex flex-wrap gap-3">
        <EventsForm systemId={systemId} action="test">
          <button type="submit" className="btn btn-quiet">
            {t('test')}
          </button>
        </EventsForm>
        <EventsForm systemId={systemId} action={isOn ? 'off' : 'on'}>
          <button type="submit" className={`btn ${isOn ? 'btn-quiet' : 'btn-primary'}`}>
            {t(isOn ? 'switchOff' : 'switchOn')}
          </button>
        </EventsForm>
      </div>
      <Details summary={t('changeAddress')}>{address}</Details>
      <Details summary={t('changeSecret')}>
        <form method="post" action="/staff/systems/webhook" className="mt-3 space-y-3">
          <input type="hidden" name="system" value={systemId} />
          <input type="hidden" name="action" value="secret" />
          <p>{t('secretHint')}</p>
          <button type="submit" className="btn btn-quiet">
            {t('makeSecret')}
          </button>
        </form>
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
      <Details summary={t('remove')}>
        <EventsForm systemId={systemId} action="remove">
          <div className="mt-3 space-y-3">
            <ConfirmCheckbox>{t('removeSure')}</ConfirmCheckbox>
            <button type="submit" className="btn btn-danger">
              {t('remove')}
            </button>
          </div>
        </EventsForm>
      </Details>
    </section>
  )
}

type FormProps = { systemId: string; action: string; children: ReactNode }

export function EventsForm({ systemId, action, children }: FormProps) {
  return (
    <form method="post" action="/staff/systems/events">
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
