'use client'

import { useEffect, useRef, useState } from 'react'

/**
 * Takes the secret of a link from behind its `#`, which no server is sent, and removes it from the address and so from
 * the history. Only script can read it; without script the person copies the link into the field.
 */
export function LinkCode({ label, hint }: { label: string; hint: string }) {
  const field = useRef<HTMLInputElement>(null)
  const [found, setFound] = useState(false)
  useEffect(() => {
    const secret = window.location.hash.slice(1)
    if (!secret || !field.current) return
    field.current.value = secret
    setFound(true)
    window.history.replaceState(null, '', window.location.pathname)
  }, [])
  return (
    <label hidden={found} className="block">
      <span className="block font-medium">{label}</span>
      <span className="note block pb-1">{hint}</span>
      <input ref={field} name="code" autoComplete="off" maxLength={500} className="input w-full max-w-136" />
    </label>
  )
}
