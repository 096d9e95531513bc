import { getTranslations } from 'next-intl/server'
import { ReasonField } from '@/app/staff/conflicts/_components/reason-field'
import { confirmedPerRunMax } from '@/lib/people/proposals'

type Props = { count: number; of: { selection: string } | { import: string } }

/** Confirms the iDs that are proposed for some people, all alike. */
export async function ConfirmProposals({ count, of }: Props) {
  const t = await getTranslations('staff.proposals')
  if (count === 0) return <p>{t('none')}</p>
  return (
    <form method="post" action="/staff/people/binding" className="space-y-4">
      {Object.entries(of).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <p>
        {t(count > confirmedPerRunMax ? 'many' : 'count', { count: Math.min(count, confirmedPerRunMax) })}{' '}
        <a href="/staff/conflicts?kind=proposal">{t('look')}</a>
      </p>
      <ReasonField id="proposals-reason" label={t('reason')} />
      <button type="submit" className="btn btn-primary">
        {t('confirm')}
      </button>
    </form>
  )
}
