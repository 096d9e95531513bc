import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'

/** Stops all mail, or lets it go on. */
export async function MailSwitch({ isStopped }: { isStopped: boolean }) {
  const t = await getTranslations('staff.mail.switch')
  const to = isStopped ? 'go' : 'stop'
  return (
    <section aria-labelledby="switch" className="no-print card space-y-3">
      <h2 id="switch">{t(`${to}.title`)}</h2>
      <p className="max-w-[65ch]">{t(`${to}.means`)}</p>
      <form method="post" action="/staff/campaigns/mail/switch" className="space-y-3">
        <input type="hidden" name="to" value={to} />
        <ConfirmCheckbox>{t(`${to}.sure`)}</ConfirmCheckbox>
        <button type="submit" className={isStopped ? 'btn btn-primary' : 'btn btn-danger'}>
          {t(`${to}.button`)}
        </button>
      </form>
    </section>
  )
}
