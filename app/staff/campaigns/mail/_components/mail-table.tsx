import '@/app/staff/_components/rows.css'
import '@/app/staff/campaigns/mail/mail.css'
import { getTranslations } from 'next-intl/server'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { PersonLink } from '@/app/staff/_components/person-link'
import { TableHead } from '@/app/staff/_components/table-head'
import { reasonName } from '@/app/staff/campaigns/mail/_components/reason-name'
import type { ShownMail } from '@/lib/mail/queries'

const columns = ['who', 'what', 'why', 'when', 'again'] as const
const shapes = { perhaps_sent: 'being_checked', refused: 'withdrawn', waiting: 'waiting' } as const

type Props = { rows: ShownMail[]; label: string; mayRepeat: boolean }

/** Mails that did not arrive for certain: to whom, why, and a way to send them again. */
export async function MailTable({ rows, label, mayRepeat }: Props) {
  const t = await getTranslations('staff.mail')
  return (
    <div className="rows mails">
      <table>
        <TableHead caption={label} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {rows.map((mail) => (
            <Row key={mail.id} mail={mail} mayRepeat={mayRepeat} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

async function Row({ mail, mayRepeat }: { mail: ShownMail; mayRepeat: boolean }) {
  const t = await getTranslations('staff.mail')
  const { id, kind, state, person, address, mailing, reason, sendingAt, sendAfter, tries, again } = mail
  const campaign = mailing?.campaign
  const isProblem = state === 'perhaps_sent' || state === 'refused'
  return (
    <tr>
      <td data-place="who">
        {person ? <PersonLink {...person} /> : <bdi translate="no">{address ?? t('somebody')}</bdi>}
        {person?.localId ? (
          <bdi translate="no" className="known-here">
            {person.localId}
          </bdi>
        ) : null}
      </td>
      <td data-place="what">
        {campaign ? (
          <a href={`/staff/campaigns/${campaign.id}`}>
            <bdi translate="no">{campaign.name}</bdi>
          </a>
        ) : null}
        <span className={campaign ? 'known-here' : undefined}>{t(`kinds.${kind}`)}</span>
      </td>
      <td data-place="why">
        <State state={shapes[state as keyof typeof shapes] ?? 'ended'}>
          {t(`states.${state as keyof typeof shapes}`)}
        </State>
        <small className="block text-ink-soft">
          {t(`reasons.${reasonName(reason)}`)}
          {reason && /^\d/.test(reason) ? <span className="whitespace-nowrap font-mono"> {reason}</span> : null}
        </small>
      </td>
      <td data-place="when" className="text-ink-soft">
        <When at={sendingAt} />
      </td>
      <td data-place="again">
        {again ? (
          <small className="text-ink-soft">
            {t.rich('again.done', { when: () => <When key="when" at={again.madeAt} /> })}
          </small>
        ) : null}
        {isProblem && !again && mayRepeat ? (
          <form method="post" action="/staff/campaigns/mail/again" className="no-print">
            <input type="hidden" name="mail" value={id} />
            <button type="submit" className="btn btn-quiet whitespace-nowrap text-sm">
              {t('again.button')}
            </button>
          </form>
        ) : null}
        {state === 'waiting' ? (
          <small className="text-ink-soft">
            {t.rich('again.next', { tries, when: () => <When key="when" at={sendAfter} /> })}
          </small>
        ) : null}
      </td>
    </tr>
  )
}
