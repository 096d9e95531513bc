'use client'

import { useEffect, useState } from 'react'
import type { Preview } from '@/app/staff/campaigns/texts/_components/to-preview'

const looks = ['wide', 'narrow', 'dark', 'plain'] as const
const waitMs = 400

type Props = {
  /** The id of the form whose text it shows. */
  form: string
  action: string
  first: Preview
  words: Record<(typeof looks)[number] | 'title' | 'hint' | 'label' | 'frame' | 'frameDark', string>
}

/** How a mail looks. It follows what is typed where script runs; which look is shown is for the style sheet. */
export function MailPreview({ form: formId, action, first, words }: Props) {
  const [preview, setPreview] = useState(first)
  useEffect(() => {
    const form = document.getElementById(formId)
    if (!(form instanceof HTMLFormElement)) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let latest = 0
    async function refresh(body: FormData) {
      latest += 1
      const mine = latest
      const answer = await fetch(action, { method: 'POST', body }).catch(() => null)
      // One that was overtaken, or a page that asks to sign in again.
      if (mine !== latest || !answer?.ok || answer.redirected) return
      setPreview(await answer.json())
    }
    const onInput = () => {
      clearTimeout(timer)
      timer = setTimeout(() => void refresh(new FormData(form)), waitMs)
    }
    form.addEventListener('input', onInput)
    return () => {
      clearTimeout(timer)
      form.removeEventListener('input', onInput)
    }
  }, [formId, action])
  return (
    <section aria-labelledby="preview" className="mail-preview min-w-0 space-y-3 xl:sticky xl:top-6">
      <h2 id="preview">{words.title}</h2>
      <p className="note">{words.hint}</p>
      <fieldset className="no-print flex flex-wrap gap-2">
        <legend className="sr-only">{words.label}</legend>
        {looks.map((look) => (
          <label key={look} className="mail-look">
            <input type="radio" name="look" value={look} defaultChecked={look === 'wide'} />
            {words[look]}
          </label>
        ))}
      </fieldset>
      <div className="card card-small space-y-3">
        <p className="font-semibold [overflow-wrap:anywhere]" dir="auto" translate="no">
          {preview.subject}
        </p>
        <div className="mail-frame" data-look="light">
          {/* Without `allow-…`, nothing in it runs, opens or is sent. */}
          <iframe title={words.frame} srcDoc={preview.light} sandbox="" />
        </div>
        <div className="mail-frame" data-look="dark">
          <iframe title={words.frameDark} srcDoc={preview.dark} sandbox="" />
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard. */}
        <pre className="mail-plain" tabIndex={0} translate="no" dir="auto">
          {preview.plain}
        </pre>
      </div>
    </section>
  )
}
