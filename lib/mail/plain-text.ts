import type { Line, MailContent, Part } from '@/lib/mail/content'

const rule = '-'.repeat(40)

/** The same words without HTML: each address on a line of its own, so that no full stop becomes part of it. */
export function toPlainText({ institution, parts, foot }: MailContent): string {
  return `${[institution, ...parts.map(toText), rule, foot.about, ...foot.lines.map(toFootText)].join('\n\n')}\n`
}

function toText(part: Part): string {
  if (part.kind === 'paragraph') return part.text
  if (part.kind === 'button') return `${part.label}:\n${part.href}\n${part.personal}`
  if (part.kind === 'steps') return part.items.map((item, index) => `${index + 1}. ${item}`).join('\n')
  return part.items.map(({ title, reason }) => `* ${title}\n  ${reason.replaceAll('\n', '\n  ')}`).join('\n')
}

function toFootText({ before, words, after, href }: Line): string {
  const sentence = `${before}${words}${after}`
  return href && !href.startsWith('mailto:') ? `${sentence}:\n${href}` : sentence
}
