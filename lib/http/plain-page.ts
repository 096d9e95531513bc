import 'server-only'
import { NextResponse } from 'next/server'
import { getTranslations } from 'next-intl/server'
import { env } from '@/lib/config/env'
import { getLanguage } from '@/lib/i18n/request'

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '')

type PlainPage = {
  title: string
  sentences: string[]
  reference?: string
  back?: { href: string; label: string }
  button?: { action: string; label: string; fields: Record<string, string> }
}

/** Route handlers cannot render React. The page needs no script, style sheet or other request. */
async function plainPage(page: PlainPage, status: number, headers: Record<string, string>): Promise<NextResponse> {
  const t = await getTranslations('plain')
  const { name, supportEmail } = env().institution
  const lines = [
    ...page.sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`),
    page.button ? buttonForm(page.button) : '',
    page.back ? `<p><a href="${escapeHtml(page.back.href)}">${escapeHtml(page.back.label)}</a></p>` : '',
    `<p><small>${page.reference ? `${escapeHtml(t('reference', { reference: page.reference }))} · ` : ''}<a href="mailto:${escapeHtml(supportEmail)}">${escapeHtml(supportEmail)}</a></small></p>`,
  ]
  const html = `<!doctype html>
<html lang="${await getLanguage()}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>${escapeHtml(page.title)} · ${escapeHtml(name)}</title>
<style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}h1{font-size:1.5rem}a{display:inline-block;min-height:24px;color:inherit}button{min-height:3rem;padding:.5rem 1.25rem;font:inherit;font-weight:600}:focus-visible{outline:3px solid;outline-offset:2px}</style>
</head><body><main><p>${escapeHtml(name)}</p><h1>${escapeHtml(page.title)}</h1>${lines.join('')}</main></body></html>`
  return new NextResponse(html, {
    status,
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
  })
}

function buttonForm({ action, label, fields }: NonNullable<PlainPage['button']>): string {
  const hidden = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  )
  return `<form method="post" action="${escapeHtml(action)}">${hidden.join('')}<button>${escapeHtml(label)}</button></form>`
}

/** For a callback while the database is away: nothing was exchanged, and the page retries the callback itself. */
export async function databaseUnavailablePage(): Promise<NextResponse> {
  const t = await getTranslations('plain')
  const page = { title: t('databaseAway.title'), sentences: [t('databaseAway.kept'), t('databaseAway.next')] }
  return plainPage(page, 503, { Refresh: '5', 'Retry-After': '5' })
}

/** For an unexpected error. The log has the reference. */
export async function unknownErrorPage(reference: string): Promise<NextResponse> {
  const t = await getTranslations('plain')
  const page = { title: t('unknown.title'), sentences: [t('unknown.kept'), t('unknown.next')], reference }
  return plainPage(page, 500, {})
}

/** For a request that our own forms cannot send. */
export async function badRequestPage(): Promise<NextResponse> {
  const t = await getTranslations('plain')
  return plainPage({ title: t('badRequest.title'), sentences: [t('badRequest.next')] }, 400, {})
}

/** For a form without proof of our origin. `page` is its referrer. */
export async function otherSitePage(page: string | null): Promise<NextResponse> {
  const t = await getTranslations('plain.otherSite')
  const back = { href: page ?? '/', label: t(page ? 'back' : 'toFront') }
  return plainPage({ title: t('title'), sentences: [t('why'), t('next')], back }, 403, {})
}

/** Carries the input of a form through the next sign-in. `kept` is null if the input is too long. */
export async function sessionEndedPage(page: string, kept: string | null): Promise<NextResponse> {
  const t = await getTranslations('plain.sessionEnded')
  const fields = { purpose: 'sign-in', to: page, ...(kept === null ? {} : { kept }) }
  const sentences = [t('why'), t(kept === null ? 'tooLong' : 'next')]
  const button = { action: '/connect/start', label: t('button'), fields }
  return plainPage({ title: t('title'), sentences, button }, 403, {})
}

/** For a form larger than any of ours. */
export async function tooLargePage(): Promise<NextResponse> {
  const t = await getTranslations('plain')
  return plainPage({ title: t('tooLarge.title'), sentences: [t('tooLarge.next')] }, 413, {})
}

/** `repeats`: the page retries the callback itself. */
export async function tooManyPage(waitS: number, repeats: boolean): Promise<NextResponse> {
  const t = await getTranslations('plain')
  const sentences = [t('tooMany.why'), repeats ? t('tooMany.repeats', { waitS }) : t('tooMany.next', { waitS })]
  const headers = { 'Retry-After': String(waitS), ...(repeats ? { Refresh: String(waitS) } : {}) }
  return plainPage({ title: t('tooMany.title'), sentences }, 429, headers)
}

/** For an export over the limit of concurrent exports. */
export async function busyExportsPage(): Promise<NextResponse> {
  const t = await getTranslations('plain.busyExports')
  const back = { href: '/staff/exports', label: t('back') }
  return plainPage({ title: t('title'), sentences: [t('why'), t('next')], back }, 429, { 'Retry-After': '60' })
}
