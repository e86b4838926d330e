/** A piece of an instruction; `copy` marks an address worth copying, a `link` leads elsewhere. */
export interface InstructionPart {
  text: string
  kind: 'plain' | 'code' | 'copy' | 'link'
  href?: string
}

/** Splits an instruction into plain text, `[words](https://…)`, names between backticks, and the redirect URI. */
export function instructionParts(instruction: string, redirectUri: string): InstructionPart[] {
  const pieces = instruction.split(/(`[^`]*`|\{redirectUri\}|\[[^\]]*\]\(https:[^)]*\))/)
  return pieces.flatMap((piece): InstructionPart[] => {
    if (piece === '') return []
    if (piece === '{redirectUri}') return [{ text: redirectUri, kind: 'copy' }]
    if (piece.startsWith('`')) return [{ text: piece.slice(1, -1), kind: 'code' }]
    const [, text, href] = /^\[(.*)\]\((.*)\)$/.exec(piece) ?? []
    if (text && href) return [{ text, kind: 'link', href }]
    return [{ text: piece, kind: 'plain' }]
  })
}
