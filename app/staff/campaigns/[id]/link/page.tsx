import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import QRCode from 'qrcode'
import { Notice } from '@/app/_components/notice'
import { BackLink } from '@/app/staff/_components/back-link'
import { CopyField } from '@/app/staff/_components/copy-field'
import { availablePage, requireStaff } from '@/lib/auth/gates'
import { findPublicLink } from '@/lib/campaigns/asking'
import { env } from '@/lib/config/env'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('staff.publicLink'))('title'), robots: { index: false } }
}

type Props = { params: Promise<{ id: string }> }

/** The public link of a campaign: to copy as HTML and as plain text, and as a QR code. */
export default availablePage(async function PublicLinkPage({ params }: Props) {
  const actor = await requireStaff('seeCampaigns')
  const { id } = await params
  const link = await findPublicLink(actor, id)
  if (!link) notFound()
  const t = await getTranslations('staff.publicLink')
  const copying = { copy: t('copy'), copied: t('copied') }
  const drawing = await QRCode.toString(link.url, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })
  return (
    <div className="max-w-[48rem] space-y-6">
      <BackLink href={`/staff/campaigns/${id}`}>{t('back')}</BackLink>
      <div className="space-y-3">
        <h1>{t('title')}</h1>
        <p className="font-semibold [overflow-wrap:anywhere]">{link.name}</p>
        <p>{t('lead')}</p>
      </div>
      {link.state === 'open' ? null : <Notice>{t(`states.${link.state}`)}</Notice>}
      <CopyField label={t('link')} value={link.url} {...copying} />
      {link.texts.map(({ locale, why, label }) => (
        <section key={locale} aria-labelledby={`text-${locale}`} className="space-y-3">
          <h2 id={`text-${locale}`}>{t('text', { language: nameOf(locale) })}</h2>
          <CopyField label={t('html')} value={toHtml(why, link.url, label)} {...copying} />
          <CopyField label={t('plain')} value={`${why} ${link.url}`} {...copying} />
        </section>
      ))}
      <section aria-labelledby="qr" className="space-y-3">
        <h2 id="qr">{t('qr')}</h2>
        <picture>
          <img
            src={`data:image/svg+xml;base64,${Buffer.from(drawing).toString('base64')}`}
            width={200}
            height={200}
            alt={t('qrAlt', { url: link.url })}
          />
        </picture>
        <p className="no-print flex flex-wrap gap-x-6">
          <a href={`/staff/campaigns/${id}/link/qr?format=svg`}>{t('svg')}</a>
          <a href={`/staff/campaigns/${id}/link/qr?format=png`}>{t('png')}</a>
        </p>
      </section>
      <section aria-labelledby="desk" className="space-y-3">
        <h2 id="desk">{t('desk')}</h2>
        <p>{t('deskMeans')}</p>
        <CopyField label={t('deskLink')} value={`${link.url}?desk=yes`} {...copying} />
      </section>
    </div>
  )
})

const nameOf = (locale: string) => new Intl.DisplayNames([locale], { type: 'language' }).of(locale) ?? locale

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '')

/** For a page or a mail of the institution. ORCID asks for its icon on whatever leads to it. */
function toHtml(why: string, url: string, label: string): string {
  const icon = `<img src="${env().origin}/id-icon.svg" width="20" height="20" alt="">`
  return `<p>${escapeHtml(why)}</p><p><a href="${escapeHtml(url)}">${icon} ${escapeHtml(label)}</a></p>`
}
