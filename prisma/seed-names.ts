import type { Dice } from '@/prisma/seed-dice'

type Culture = { given: string; family: string; familyFirst?: string; middle?: boolean }

// Common names, one space between two; nobody in particular. Cultures in the order of how often they are drawn.
const cultures: Culture[] = [
  {
    given: 'Emma James Olivia Thomas Charlotte Daniel Grace Samuel Lucy Henry Alice Oliver',
    family: 'Bennett Clarke Foster Hughes Marsh Palmer Reid Shaw Turner Webb Ashworth Whitfield',
    middle: true,
  },
  {
    given: 'María José Lucía Javier Carmen Andrés Inés Álvaro Sofía Íñigo',
    family: 'García|Romero Núñez|Peña Ibáñez Muñoz|Díaz Ordóñez Vázquez|León Sáenz Ruiz|Ferrer Castaño Gutiérrez',
  },
  {
    given: 'Jürgen Annika Søren Åsa Björn Käthe Lars Ingrid Jörg Freya',
    family: 'Müller Østergaard Lindström Weiß Åkesson Schröder Bjørnsen Hälg Vogel Mortensen',
  },
  {
    given: 'Élodie François Chloé Théo Camille Gaël Zoé Benoît Margaux Rémi',
    family: 'Lefèvre Dubois Gagné Moreau D’Amboise Côté Garnier de|La|Tour Rousseau Brière',
  },
  {
    given: '伟 秀英 敏 静 磊 洋 艳 勇 雪梅 志强',
    family: '王 李 张 刘 陈 杨 赵 欧阳 周 吴',
    familyFirst: '',
  },
  { given: 'Wei Xiuying Min Jing Lei Yang Na Yong', family: 'Wang Li Zhang Liu Chen Zhao Ouyang Zhou' },
  {
    given: '翔太 美咲 健 葵 陽菜 大輔 さくら 直樹',
    family: '佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 小林',
    familyFirst: ' ',
  },
  { given: '민준 서연 지훈 하은 도윤 수빈 예준 지우', family: '김 이 박 최 정 강 조 윤', familyFirst: '' },
  {
    given: 'Анна Дмитро Олена Сергій Наталія Иван Мария Алексей',
    family: 'Коваленко Шевченко Бондаренко Мельник Иванова Петров Соколов Кузнецова',
  },
  {
    given: 'Agnieszka Łukasz Zuzana Jiří Małgorzata Ondřej Đorđe Šárka',
    family: 'Wójcik Dvořák Kowalczyk Černý Zieliński Novák Jovanović Šimková',
  },
  {
    given: 'فاطمة محمد نور أحمد ليلى يوسف مريم خالد',
    family: 'الحسن منصور الخطيب حداد العلي نصار شاهين عثمان',
  },
  { given: 'נועה דוד תמר יונתן מיכל אורי', family: 'כהן לוי מזרחי פרץ ביטון אברהם' },
  { given: 'زهرا رضا مریم علی پریسا حسین', family: 'احمدی کریمی رضایی محمدی جعفری نوری' },
  {
    given: 'Ayşe Mehmet Zeynep Çağrı Elif İbrahim Gül Oğuz',
    family: 'Yılmaz Şahin Öztürk Çelik Aydın Koç Güneş Doğan',
  },
  { given: 'अनन्या अर्जुन प्रिया रोहन कविता विक्रम', family: 'शर्मा गुप्ता पटेल सिंह वर्मा जोशी' },
  { given: 'Ananya Arjun Priya Rohan Meera Vikram', family: 'Iyer Banerjee Deshpande Kaur Nair Reddy' },
  { given: 'Ngọc Minh Hương Tuấn Thảo Quang', family: 'Nguyễn Trần Phạm Đặng Vũ Huỳnh', familyFirst: ' ' },
  {
    given: 'Ελένη Γιώργος Μαρία Νίκος Σοφία Κώστας',
    family: 'Παπαδόπουλος Νικολάου Ιωάννου Δημητρίου Γεωργίου Αθανασίου',
  },
  { given: 'Chinedu Amina Kwame Thandiwe Zainab Tendai', family: 'Okafor Diallo Mensah Nkosi Bello Moyo' },
  { given: 'ნინო გიორგი თამარ ლევან', family: 'ბერიძე კაპანაძე მაისურაძე გელაშვილი' },
  { given: 'Անի Արամ Նարե Տիգրան', family: 'Սարգսյան Հակոբյան Պետրոսյան Գրիգորյան' },
  { given: 'สมชาย มาลี ปิยะ กัญญา', family: 'ใจดี แสงทอง ศรีสุข วงศ์ไทย' },
]

const parsed = cultures.map(({ given, family, ...rest }) => ({
  ...rest,
  given: given.split(' '),
  family: family.split(' ').map((name) => name.replaceAll('|', ' ')),
}))

/** A believable name, in the script of whoever bears it. */
export function makeName(dice: Dice): string {
  const culture = dice.pick(parsed, 1.6)
  const given = dice.pick(culture.given)
  const family = dice.pick(culture.family)
  if (culture.familyFirst !== undefined) return `${family}${culture.familyFirst}${given}`
  const middle = culture.middle && dice.chance(0.3) ? ` ${dice.pick('ABCDEFGHJKLMNPRSTW'.split(''))}.` : ''
  return `${given}${middle} ${family}`
}
