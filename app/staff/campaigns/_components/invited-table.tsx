import '@/app/staff/_components/rows.css'
import { getTranslations } from 'next-intl/server'
import { State } from '@/app/_components/state'
import type { StateName } from '@/app/_components/state-shape'
import { TableHead } from '@/app/staff/_components/table-head'
import { getInvitedWords } from '@/app/staff/campaigns/_components/invited-words'
import type { InvitedState } from '@/lib/campaigns/invited'
import type { InvitedPerson } from '@/lib/campaigns/people'
import type { Campaign } from '@/lib/campaigns/queries'
import { visibleName } from '@/lib/researchers/visible-name'

const shapes: Record<InvitedState, StateName> = {
  not_connected: 'not_connected',
  allowed: 'connected',
  allowed_less: 'identity_only',
  failed: 'wrong_record',
}

const columns = ['name', 'department', 'kind', 'state'] as const

/** The people who are asked, with how far each has come. When each had a mail is not said: it would say who refused. */
export async function InvitedTable({ campaign, people }: { campaign: Campaign; people: readonly InvitedPerson[] }) {
  const toWords = await getInvitedWords(campaign)
  const t = await getTranslations('staff.campaigns.people')
  const roster = await getTranslations('staff.people')
  const nameless = (await getTranslations('staff'))('nameNotPublic')
  return (
    <div className="rows">
      <table>
        <TableHead caption={t('caption')} heads={columns.map((column) => t(`columns.${column}`))} />
        <tbody>
          {people.map(({ id, name, localId, orcid, department, kind, state }) => (
            <tr key={id}>
              <td data-place="name">
                <a
                  href={orcid ? `/staff/researchers/${orcid}` : `/staff/people/${id}`}
                  dir="auto"
                  translate="no"
                  className="whole-row"
                >
                  {visibleName(name) ?? nameless}
                </a>
                {localId ? (
                  <small className="known-here" translate="no">
                    {localId}
                  </small>
                ) : null}
              </td>
              <td data-place="department" translate="no" className={department ? undefined : 'absent'}>
                {department ?? '–'}
              </td>
              <td data-place="kind" className={kind ? undefined : 'absent'}>
                {kind ? roster(`kinds.${kind}`) : '–'}
              </td>
              <td data-place="state">
                <State state={shapes[state]}>{toWords(state)}</State>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
