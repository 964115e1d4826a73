import { useState } from 'react'
import { Button } from './button.tsx'

/** Text to take along. */
export function CopyLine({ text }: { text: string }) {
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <div className="copy-line">
      <code>{text}</code>
      {/* The clipboard is there only in secure contexts; elsewhere the text can still be selected. */}
      {'clipboard' in navigator && (
        <Button icon={copied ? 'check' : 'copy'} onClick={() => void copy()}>
          {copied ? 'Copied' : 'Copy'}
        </Button>
      )}
      <span className="visually-hidden" role="status">
        {copied && 'Copied to the clipboard.'}
      </span>
    </div>
  )
}
