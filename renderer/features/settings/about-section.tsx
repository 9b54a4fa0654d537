/** Which version this is, and how it is brought up to date. */
import { useTranslation } from 'react-i18next';
import { useCall } from '../../desk.tsx';
import { Fact, Section } from './section.tsx';

export function AboutSection() {
  const { t } = useTranslation();
  const info = useCall('app.info', {});
  return (
    <Section title={t('settings.about')} text={t('settings.updatesText')}>
      {info.data && (
        <dl style={{ margin: 0 }}>
          <Fact name={t('settings.version')}>{info.data.version}</Fact>
          <Fact name={t('settings.host')}>{t(`host.${info.data.host}`)}</Fact>
          {info.data.missing.length > 0 && <Fact name={t('settings.missing')}>{info.data.missing.join(', ')}</Fact>}
        </dl>
      )}
    </Section>
  );
}
