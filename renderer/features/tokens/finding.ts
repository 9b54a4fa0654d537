/** From a finding to the name of its words (`diagnosis.<name>`), and what they speak of. */
import type { TFunction } from 'i18next';
import type { TokenDiagnosis } from '../../../preload/model.ts';
import { errorKey } from '../../ui/error-key.ts';

export type Finding = Omit<TokenDiagnosis, 'cards'>;

/** A card we know by name, that its own module does not read, has words of its own. */
export function findingName({ layer, card }: Finding): TokenDiagnosis['layer'] | 'card-unread' {
  return layer === 'card-unknown' && card !== undefined ? 'card-unread' : layer;
}

export function findingValues(finding: Finding, t: TFunction, exists: (key: string) => boolean) {
  const { card, install = [], modulePath = '', code } = finding;
  return {
    card: card ?? t('tokens.thisCard'),
    install: install.join(t('tokens.or')),
    module: fileName(modulePath),
    problem: code === undefined ? '' : t(`${errorKey(code, exists)}.what`),
  };
}

/** The last part of a path of either kind. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
