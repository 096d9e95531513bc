import { getTranslations } from 'next-intl/server'
import { Notice } from '@/app/_components/notice'
import { When } from '@/app/_components/when'
import type { describeSending, MailFigures } from '@/lib/mail/queries'

type Props = { sending: ReturnType<typeof describeSending>; figures: MailFigures }

/** Whether mail goes out, how much did today, and what holds it back. */
export async function MailStatus({ sending, figures: { stoppedAt, sentToday } }: Props) {
  const t = await getTranslations('staff.mail')
  return (
    <div className="space-y-3">
      {stoppedAt ? (
        <Notice tone="warn">
          {t.rich('status.stopped', { when: () => <When key="when" at={stoppedAt} show="time" /> })}
        </Notice>
      ) : null}
      {sending ? <Sending sending={sending} sentToday={sentToday} /> : <NotConfigured />}
    </div>
  )
}

async function NotConfigured() {
  const t = await getTranslations('staff.mail')
  return (
    <Notice tone="warn">
      <p className="font-semibold">{t('status.notConfigured')}</p>
      <p>{t('status.configure')}</p>
    </Notice>
  )
}

type SendingProps = { sending: NonNullable<Props['sending']>; sentToday: number }

async function Sending({ sending, sentToday }: SendingProps) {
  const t = await getTranslations('staff.mail')
  const { perDay, from, domains, registry, allowed } = sending
  return (
    <>
      <p className="font-medium">
        {t('status.today', { sent: sentToday, perDay })}
        {sentToday >= perDay ? ` ${t('status.limitReached')}` : null}
      </p>
      <p className="max-w-[65ch] text-ink-soft">
        {t('status.from', { from, domains: domains.join(', ') })}
        {allowed === null ? null : ` ${t('status.allowed', { registry, count: allowed })}`}
      </p>
    </>
  )
}
