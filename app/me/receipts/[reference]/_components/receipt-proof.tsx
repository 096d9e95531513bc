import { getTranslations } from 'next-intl/server'
import { More } from '@/app/_components/ask'
import { ExactTime } from '@/app/me/receipts/[reference]/_components/exact-time'
import type { Receipt } from '@/lib/grants/receipt'

/** What of the history contains the permission, and how anybody checks it. */
export async function ReceiptProof({ history, facts }: Pick<Receipt, 'history' | 'facts'>) {
  const t = await getTranslations('me.receipt')
  const names = { 'grant.saved': t('saved') } as Record<string, string>
  return (
    <div className="receipt-fold">
      <More title={t('proof')}>
        <ul className="receipt-proof">
          {history.events.map(({ number, action, digest, proof }) => (
            <li key={number}>
              {t(proof ? 'covered' : 'uncovered', {
                what: names[action] ?? t('laterEvent'),
                event: number,
                checkpoint: proof?.checkpoint ?? 0,
              })}{' '}
              <code translate="no">{digest}</code>
            </li>
          ))}
          {history.checkpoints.map(({ number, createdAt, hash }) => (
            <li key={number}>
              {t.rich('checkpoint', { number, when: () => <ExactTime key="at" at={createdAt} /> })}{' '}
              <code translate="no">{hash}</code>
            </li>
          ))}
          {facts.shownText ? (
            <li>
              {t('words')} <code translate="no">{facts.shownText}</code>
            </li>
          ) : null}
        </ul>
        <p className="note max-w-none!">
          {t.rich('verify', { code: () => <code translate="no">npm run audit -- receipt FILE</code> })}
        </p>
      </More>
    </div>
  )
}
