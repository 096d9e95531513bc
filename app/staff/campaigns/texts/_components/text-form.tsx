import { getTranslations } from 'next-intl/server'
import { field } from '@/app/staff/_components/fields'
import { textHref } from '@/app/staff/campaigns/texts/_components/language-name'
import { textDirection } from '@/lib/config/languages'
import { type MailText, subjectCharsMax, type TextFault } from '@/lib/mail/mail-text'

type Props = {
  about: { template: string; locale: string }
  version: string
  typed: MailText
  faults: readonly TextFault[]
  /** Somebody wanted to save it, not only to look at it. */
  isSaving: boolean
  mayWrite: boolean
}

/** The words of a mail. What is wrong stands above the form and leads to its field, and at the field. */
export async function TextForm({ about, version, typed, faults, isSaving, mayWrite }: Props) {
  const t = await getTranslations('staff.mailTexts.edit')
  const { template, locale } = about
  const language = { lang: locale, dir: textDirection(locale), readOnly: !mayWrite, translate: 'no' as const }
  return (
    <form
      id="text"
      method="post"
      action="/staff/campaigns/texts/entry"
      encType="multipart/form-data"
      className="space-y-5"
    >
      <Summary faults={faults} isSaving={isSaving} />
      <input type="hidden" name="template" value={template} />
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name="version" value={version} />
      <label className="block space-y-1">
        <span className="block font-semibold">{t('subject')}</span>
        <span className="note block" id="subject-hint">
          {t('subjectHint')}
        </span>
        <FaultWords field="subject" faults={faults} />
        <input
          id="subject"
          name="subject"
          autoComplete="off"
          defaultValue={typed.subject}
          {...descriptionOf('subject', faults)}
          {...language}
          className={field}
        />
      </label>
      <label className="block space-y-1">
        <span className="block font-semibold">{t('body')}</span>
        <span className="note block" id="body-hint">
          {t('bodyHint')}
        </span>
        <FaultWords field="body" faults={faults} />
        <textarea
          id="body"
          name="body"
          rows={26}
          defaultValue={typed.body}
          {...descriptionOf('body', faults)}
          {...language}
          className={`${field} py-2`}
        />
      </label>
      {mayWrite ? (
        <div className="no-print flex flex-wrap items-center gap-x-6 gap-y-3">
          <button type="submit" name="do" value="save" className="btn btn-primary">
            {t('save')}
          </button>
          <button type="submit" name="do" value="preview" className="btn btn-quiet">
            {t('preview')}
          </button>
          <a href={textHref(template, locale)} className="inline-flex min-h-8 items-center">
            {t('cancel')}
          </a>
        </div>
      ) : null}
    </form>
  )
}

const ofField = (name: TextFault['field'], faults: readonly TextFault[]) => faults.filter((one) => one.field === name)

const descriptionOf = (name: TextFault['field'], faults: readonly TextFault[]) =>
  ofField(name, faults).length > 0
    ? { 'aria-invalid': true, 'aria-describedby': `${name}-hint ${name}-fault` }
    : { 'aria-describedby': `${name}-hint` }

async function FaultWords({ field: name, faults }: { field: TextFault['field']; faults: readonly TextFault[] }) {
  const found = ofField(name, faults)
  if (found.length === 0) return null
  const words = await Promise.all(found.map(wordFault))
  return (
    <span className="block font-medium text-bad" id={`${name}-fault`}>
      {words.map((sentence) => (
        <span key={sentence} className="block [overflow-wrap:anywhere]">
          {sentence}
        </span>
      ))}
    </span>
  )
}

async function Summary({ faults, isSaving }: { faults: readonly TextFault[]; isSaving: boolean }) {
  if (faults.length === 0) return null
  const t = await getTranslations('staff.mailTexts.edit')
  const lines = await Promise.all(faults.map(async (fault) => ({ fault, words: await wordFault(fault) })))
  return (
    <div id="wrong" role="alert" tabIndex={-1} className="card space-y-2 border-bad!">
      <h2>{t(isSaving ? 'wrong' : 'check')}</h2>
      <ul className="list-disc space-y-1 ps-5">
        {lines.map(({ fault, words }) => (
          <li key={fault.field + words}>
            <a href={`#${fault.field}`}>
              {t(fault.field)}: {words}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

async function wordFault(fault: TextFault): Promise<string> {
  const t = await getTranslations('staff.mailTexts.faults')
  const braced = (name: string) => `{${name}}`
  switch (fault.code) {
    case 'empty':
      return t('empty')
    case 'too_long':
      return fault.field === 'subject' ? t('tooLongSubject', { max: subjectCharsMax }) : t('tooLongBody')
    case 'line_break':
      return t('lineBreak')
    case 'brace':
      return t('brace', { example: braced('name') })
    case 'unknown':
      return fault.nearest
        ? t('unknownNearest', { variable: braced(fault.variable), nearest: braced(fault.nearest) })
        : t('unknown', { variable: braced(fault.variable) })
    case 'not_here':
      return t('notHere', { variable: braced(fault.variable) })
    case 'not_alone':
      return t('notAlone', { variable: braced(fault.variable) })
    case 'in_frame':
      return t('inFrame', { variable: braced(fault.variable) })
    case 'missing':
      return t(fault.rule, { variable: braced(fault.variable) })
    case 'asks_to_publish':
      return t('asksToPublish', { sentence: fault.sentence })
  }
}
