import '@/app/staff/_components/rows.css'
import { getTranslations } from 'next-intl/server'
import { ConfirmCheckbox } from '@/app/_components/confirm-checkbox'
import { EmptyState } from '@/app/_components/empty-state'
import { State } from '@/app/_components/state'
import { When } from '@/app/_components/when'
import { getDayWords } from '@/app/staff/_components/day-words'
import { TableHead } from '@/app/staff/_components/table-head'
import { toDay } from '@/lib/config/day'
import { isUsable, type ListedKey } from '@/lib/systems/queries'

/** The keys of a system with their last use, and the way to revoke each. */
export async function KeyTable({ systemId, keys }: { systemId: string; keys: readonly ListedKey[] }) {
  const t = await getTranslations('staff.systems')
  if (keys.length === 0) return <EmptyState>{t('page.keysNone')}</EmptyState>
  const columns = ['name', 'begins', 'made', 'used', 'state'] as const
  return (
    <div className="rows">
      <table>
        <TableHead caption={t('page.keys')} heads={columns.map((column) => t(`page.keyColumns.${column}`))} />
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <td data-place="name">
                <bdi translate="no">{key.name}</bdi>
                <span className="known-here">{t(`page.keyKinds.${key.kind}`)}</span>
              </td>
              <td data-place="begins">
                <code translate="no" className="mono whitespace-nowrap">
                  {key.beginning}…
                </code>
                {key.kind === 'client' ? (
                  <span translate="no" className="mono note block [overflow-wrap:anywhere]">
                    {t('page.clientId', { id: key.id })}
                  </span>
                ) : null}
              </td>
              <td data-place="made">
                <span className="column-name">{t('page.keyColumns.made')} </span>
                <When at={key.madeAt} show="date" />
                <bdi translate="no" className="known-here">
                  {key.madeBy.name ?? key.madeBy.orcid}
                </bdi>
              </td>
              <td data-place="used">
                <span className="column-name">{t('page.keyColumns.used')} </span>
                {key.lastUsedAt ? <When at={key.lastUsedAt} /> : t('never')}
              </td>
              <td data-place="state">
                <KeyState listed={key} />
                {key.revokedAt ? null : <Revocation systemId={systemId} keyId={key.id} />}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

async function KeyState({ listed }: { listed: ListedKey }) {
  const t = await getTranslations('staff.systems.page.keyStates')
  const toWords = await getDayWords()
  const { revokedAt, expiresAt } = listed
  if (revokedAt) return <State state="ended">{t('revoked')}</State>
  if (!isUsable(listed)) return <State state="expired">{t('expired')}</State>
  // The moment that ends a day is not on it.
  const last = expiresAt && toDay(new Date(expiresAt.getTime() - 1))
  return <State state="connected">{last ? t('until', { day: toWords(last) }) : t('valid')}</State>
}

async function Revocation({ systemId, keyId }: { systemId: string; keyId: string }) {
  const t = await getTranslations('staff.systems.page')
  return (
    <details className="no-print">
      <summary className="min-h-6">{t('revoke')}</summary>
      <form method="post" action="/staff/systems/revocation" className="mt-2 space-y-2">
        <input type="hidden" name="system" value={systemId} />
        <input type="hidden" name="key" value={keyId} />
        <ConfirmCheckbox>{t('revokeSure')}</ConfirmCheckbox>
        <button type="submit" className="btn btn-quiet">
          {t('revoke')}
        </button>
      </form>
    </details>
  )
}
