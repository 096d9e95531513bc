// Bytes of other programs (Python's codecs), so that the decoder under test does not make what it reads.
export const encodedSamples = {
  'windows-1252': {
    bytes:
      'bmFtZTtkZXBhcnRtZW50Ck+SQnJpZW4gliCTU2XhbpQ7yWNvbGUKjHV2cuk7gHVybyBTdHJh32UKTfxsbGVyIEr8cmdlbjtGcmFu52FpcyBn6W7pcmFsCg==',
    text: 'name;department\nO’Brien – “Seán”;École\nŒuvré;€uro Straße\nMüller Jürgen;Français général\n',
  },
  'windows-1250': {
    bytes:
      'am3pbm87b2Rk7Gxlbu0Kjm9maWUgRHZv+OFrb3bhO1D47XJvZG927GRlY2vhIGZha3VsdGEKo3VrYXN6IFfzamNpaztXeWR6aWGzIENoZW1paSBpIEZpenlraQpUb23hmiDIZXJu/TtLYXRlZHJhIOhlc2vpaG8gamF6eWthIGEgbGl0ZXJhdHVyeQo=',
    text: 'jméno;oddělení\nŽofie Dvořáková;Přírodovědecká fakulta\nŁukasz Wójcik;Wydział Chemii i Fizyki\nTomáš Černý;Katedra českého jazyka a literatury\n',
  },
  'windows-1251': {
    bytes:
      '6Oz/O+7y5OXrCsDt7eAgyOLg7e7i4DvU6Ofo9+Xx6ujpIPTg6vPr/PLl8grR5fDj5ekgz+Xy8O7iO8jx8u7w6Pfl8ero6SD04Orz6/zy5fIK',
    text: 'имя;отдел\nАнна Иванова;Физический факультет\nСергей Петров;Исторический факультет\n',
  },
  gb18030: {
    bytes:
      '0NXD+zuyv8PFCs310OPTojvO78Dt0afUugrA7ta+x787wPrKt8+1us2/vLnF0afR0L6/y/kKxbfR9NGpw7c7vMbL47v6v8bRp9PrvLzK9dGn1LoK',
    text: '姓名;部门\n王秀英;物理学院\n李志强;历史系和考古学研究所\n欧阳雪梅;计算机科学与技术学院\n',
  },
  shift_jis: {
    bytes:
      'joGWvDuVlI+QCo2yk6HjxJG+O5Wol52Kd4nICoKzgq2C5yCX6ZbYO5fwjmqKd4LMjKSLhoLwgrWCxIKigtyCtwqTY5KGIIySO4/ulfGJyIp3g1qDk4NegVsK',
    text: '氏名;部署\n佐藤翔太;物理学科\nさくら 鈴木;歴史学の研究をしています\n田中 健;情報科学センター\n',
  },
  'euc-kr': {
    bytes: 'wMy4pzu6zrytCrHouc7B2Du5sLiux9Cw+grAzLytv6w7v6q758fQsPogv6yxuLzSCrnawfbIxjvExMe7xc2w+MfQsPoK',
    text: '이름;부서\n김민준;물리학과\n이서연;역사학과 연구소\n박지훈;컴퓨터공학과\n',
  },
} as const
