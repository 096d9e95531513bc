'use client'

import { useEffect, useRef, useState } from 'react'
import { field } from '@/app/staff/_components/fields'

type Props = { label: string; value: string; copy: string; copied: string }

/** A text to take along: selected when its field has the focus, and copied by a button where script runs. */
export function CopyField({ label, value, copy, copied }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [canCopy, setCanCopy] = useState(false)
  const [said, setSaid] = useState('')
  // Browsers give no clipboard to pages that came without https.
  useEffect(() => setCanCopy('clipboard' in navigator), [])
  async function copyValue() {
    input.current?.select()
    await navigator.clipboard.writeText(value).then(
      () => setSaid(copied),
      () => setSaid(''),
    )
  }
  return (
    <div className="flex flex-wrap items-end gap-3">
      <label className="block min-w-0 flex-1 basis-72 space-y-1">
        <span className="block font-semibold">{label}</span>
        <input
          ref={input}
          readOnly
          value={value}
          onFocus={() => input.current?.select()}
          className={`${field} mono block`}
        />
      </label>
      {canCopy ? (
        <button type="button" className="btn btn-primary" onClick={copyValue}>
          {copy}
        </button>
      ) : null}
      <p role="status" className="note min-h-6 basis-full">
        {said}
      </p>
    </div>
  )
}
