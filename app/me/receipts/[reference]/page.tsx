import '@/app/_components/sheet.css'
import '@/app/me/receipts/[reference]/receipt.css'
import { ArrowLeft, Download } from 'lucide-react'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import QRCode from 'qrcode'
import { Logo } from '@/app/_components/logo'
import { Page } from '@/app/_components/page'
import { ReceiptFacts } from '@/app/me/receipts/[reference]/_components/receipt-facts'
import { ReceiptProof } from '@/app/me/receipts/[reference]/_components/receipt-proof'
import { ShownWords } from '@/app/me/receipts/[reference]/_components/shown-words'
import { availablePage, requireResearcher } from '@/lib/auth/gates'
import { parseReference } from '@/lib/crypto/secrets'
import { receiptPath } from '@/lib/grants/receipt'
import { findMyReceipt } from '@/lib/grants/receipts'
import { getLogo, getLogoVersion } from '@/lib/http/logo'
import { describeScopes } from '@/lib/texts/asked'
import type { AskText } from '@/lib/texts/text'

type Props = { params: Promise<{ reference: string }> }

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('me.receipt'))('title'), robots: { index: false } }
}

/** What one permission was: what was shown, asked and granted, and what proves it. On one sheet of paper. */
export default availablePage(async function ReceiptPage({ params }: Props) {
  const { actor } = await requireResearcher()
  const reference = parseReference((await params).reference)
  const receipt = reference && (await findMyReceipt(actor, reference))
  if (!receipt) notFound()
  const t = await getTranslations('me.receipt')
  const { facts, shown, history } = receipt
  const granted = await describeScopes(facts.granted)
  const missing = await describeScopes(facts.asked.filter((scope) => !facts.granted.includes(scope)))
  const drawing = await QRCode.toString(receipt.id, { type: 'svg', margin: 0, errorCorrectionLevel: 'M' })
  return (
    <Page width="medium">
      <article className="sheet receipt">
        <div className="no-print flex flex-wrap items-center justify-between gap-3">
          <a href="/me" className="inline-flex min-h-8 items-center gap-1.5 text-sm">
            <ArrowLeft size={16} className="rtl:rotate-180" />
            {t('back')}
          </a>
          <a href={`${receiptPath(facts.reference)}/json-ld`} download className="btn btn-quiet">
            <Download size={20} />
            {t('file')}
          </a>
        </div>
        <header className="flex items-start justify-between gap-6">
          <div className="min-w-0 space-y-2">
            <p className="receipt-identity">
              <Logo ratio={getLogo('light').ratio} hasDark theme="light" version={getLogoVersion()} />
              <span translate="no">{facts.institution.name}</span>
            </p>
            <h1>{t('title')}</h1>
            <p>
              {t('answer', { institution: facts.institution.name })} <span className="no-print">{t('keep')}</span>
            </p>
          </div>
          <figure className="receipt-code">
            <picture>
              <img
                src={`data:image/svg+xml;base64,${Buffer.from(drawing).toString('base64')}`}
                width={88}
                height={88}
                alt={t('code')}
              />
            </picture>
            <figcaption className="note">{t('codeLabel')}</figcaption>
          </figure>
        </header>
        <section aria-labelledby="granted" className="space-y-2">
          <h2 id="granted">{t('granted')}</h2>
          <Scopes of={granted} />
          {missing.length > 0 ? (
            <>
              <h3 className="font-semibold">{t('missing')}</h3>
              <Scopes of={missing} />
            </>
          ) : null}
        </section>
        <ReceiptFacts receipt={receipt} />
        <section aria-labelledby="shown" className="space-y-2">
          <h2 id="shown">{t('shown')}</h2>
          {shown ? (
            <ShownWords language={shown.language} words={shown.sentences as unknown as AskText} />
          ) : (
            <p>{t('nothingShown')}</p>
          )}
        </section>
        <ReceiptProof history={history} facts={facts} />
      </article>
    </Page>
  )
})

function Scopes({ of }: { of: readonly { scope: string; title: string }[] }) {
  return (
    <ul className="list-disc ps-5">
      {of.map(({ scope, title }) => (
        <li key={scope}>
          {title} <code className="note whitespace-nowrap">{scope}</code>
        </li>
      ))}
    </ul>
  )
}
