/** A piece of an instruction; `copy` marks an address worth copying. */
export interface InstructionPart {
  text: string
  kind: 'plain' | 'code' | 'copy'
}

/** Splits an instruction into plain text, names between backticks, and the redirect URI it asks for. */
export function instructionParts(instruction: string, redirectUri: string): InstructionPart[] {
  const pieces = instruction.split(/(`[^`]*`|\{redirectUri\})/)
  return pieces.flatMap((piece): InstructionPart[] => {
    if (piece === '') return []
    if (piece === '{redirectUri}') return [{ text: redirectUri, kind: 'copy' }]
    if (piece.startsWith('`')) return [{ text: piece.slice(1, -1), kind: 'code' }]
    return [{ text: piece, kind: 'plain' }]
  })
}
