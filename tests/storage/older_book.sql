BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'shakyo_review','m001_book','2024-05-01 01:00:00+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'shakyo_review','m002_history_chain','2024-05-01 01:00:00+00:00');
CREATE TABLE book (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;
INSERT INTO "book" VALUES('history_head','{"count":19,"hash":"ac9c408dedf11cd6117dcd2696583c9bb80d97065894a1e89a4046e82ec62ea6"}');
INSERT INTO "book" VALUES('plan','{"code":"furui","title":"第2次 地域福祉活動計画「ふるい」","body":"見本町社会福祉協議会","kind":"activity","first_year":2023,"last_year":2027,"period_note":"","philosophy":"","levels":["基本目標","取組"],"parties":["社協","町"],"branches":[{"code":"kita","name":"北地区"},{"code":"02","name":"南地区"}],"branch_word":"地区","rule_set":{"name":"標準","decimals":1,"decide_on":"exact","floor":null,"floor_text":"","ceiling":null,"ceiling_text":"","pace":"linear","pace_steps":[],"action":"weighted_mean","goal":"mean_of_rates","average_over":"actions","cap":"100","mean_floor":"0","minimum_coverage":"0"},"scale":{"name":"A–D（100・80・50）","basis":"pace","levels":[{"label":"A","definition":"達成した","points":"4","cut":"100","inclusive":true,"cut_at_ceiling":null,"met":null,"forecast_label":"","position":null,"within":"0","by_hand":false,"color":"green","shape":"●"},{"label":"B","definition":"おおむね達成した","points":"3","cut":"80","inclusive":true,"cut_at_ceiling":null,"met":null,"forecast_label":"","position":null,"within":"0","by_hand":false,"color":"blue","shape":"◆"},{"label":"C","definition":"一部達成した","points":"2","cut":"50","inclusive":true,"cut_at_ceiling":null,"met":null,"forecast_label":"","position":null,"within":"0","by_hand":false,"color":"yellow","shape":"▲"},{"label":"D","definition":"達成できていない","points":"1","cut":null,"inclusive":true,"cut_at_ceiling":null,"met":null,"forecast_label":"","position":null,"within":"0","by_hand":false,"color":"red","shape":"■"}],"off_scale":[],"when_met":"A","when_not_met":"D"}}');
CREATE TABLE cell (
        fiscal_year INTEGER NOT NULL,
        indicator_id INTEGER NOT NULL REFERENCES indicator(id),
        kind TEXT NOT NULL CHECK (kind IN ('target', 'actual')),
        branch TEXT NOT NULL DEFAULT '',
        period TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL,
        value INTEGER,
        denominator INTEGER CHECK (denominator > 0),
        text TEXT NOT NULL DEFAULT '',
        forecast INTEGER NOT NULL DEFAULT 0 CHECK (forecast IN (0, 1)),
        measured_year INTEGER,
        note TEXT NOT NULL DEFAULT '',
        example INTEGER NOT NULL DEFAULT 0 CHECK (example IN (0, 1)),
        version INTEGER NOT NULL CHECK (version > 0),
        PRIMARY KEY (fiscal_year, indicator_id, kind, branch, period),
        CHECK ((state = 'value') = (value IS NOT NULL))
    ) STRICT, WITHOUT ROWID;
INSERT INTO "cell" VALUES(2022,1,'actual','','','value',450,NULL,'',0,NULL,'',0,1);
INSERT INTO "cell" VALUES(2023,1,'actual','','','value',480,NULL,'',0,NULL,'',0,3);
INSERT INTO "cell" VALUES(2023,1,'target','','','value',500,NULL,'',0,NULL,'',0,1);
INSERT INTO "cell" VALUES(2023,2,'actual','','','value',8,NULL,'',0,NULL,'',0,1);
INSERT INTO "cell" VALUES(2023,2,'target','','','value',10,NULL,'',0,NULL,'',0,1);
INSERT INTO "cell" VALUES(2023,3,'actual','','','cancelled',NULL,NULL,'',0,NULL,'台風
のため',0,1);
INSERT INTO "cell" VALUES(2023,4,'actual','kita','','value',30,100,'',1,2022,'速報値',0,1);
INSERT INTO "cell" VALUES(2023,5,'actual','','','text',NULL,NULL,'「随時」',0,NULL,'',0,1);
INSERT INTO "cell" VALUES(2024,1,'actual','02','Q1','value',30,NULL,'',0,NULL,'',0,1);
INSERT INTO "cell" VALUES(2024,1,'target','','','value',540,NULL,'',0,NULL,'',0,2);
INSERT INTO "cell" VALUES(2024,5,'actual','','','value',-1,NULL,'',0,NULL,'',0,1);
CREATE TABLE funding (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        node_id INTEGER NOT NULL REFERENCES node(id),
        position INTEGER NOT NULL,
        definition TEXT NOT NULL
    ) STRICT;
INSERT INTO "funding" VALUES(1,'1-1.f1',2,0,'{"name":"補助金","sources":["町補助金"]}');
INSERT INTO "funding" VALUES(2,'1-1.f2',2,1,'{"name":"会費","sources":["会費","寄付金"]}');
CREATE TABLE funding_amount (
        funding_id INTEGER NOT NULL REFERENCES funding(id),
        fiscal_year INTEGER NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('budget', 'settlement')),
        amount INTEGER NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        PRIMARY KEY (funding_id, fiscal_year, kind)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "funding_amount" VALUES(1,2023,'budget',1300,2);
INSERT INTO "funding_amount" VALUES(1,2023,'settlement',1180,1);
INSERT INTO "funding_amount" VALUES(1,2024,'budget',1250,1);
CREATE TABLE history (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        entity TEXT NOT NULL,
        code TEXT NOT NULL,
        fiscal_year INTEGER,
        kind TEXT NOT NULL DEFAULT '',
        branch TEXT NOT NULL DEFAULT '',
        period TEXT NOT NULL DEFAULT '',
        old TEXT,
        new TEXT,
        reason TEXT NOT NULL DEFAULT ''
    , hash TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO "history" VALUES(1,'2024-05-01T01:00:00+00:00','山田','book','furui',NULL,'','','',NULL,'{"indicators": 5, "items": 6, "title": "第2次 地域福祉活動計画「ふるい」"}','台帳を作成（計画ファイル）','b07e08e6d52f433549a50dc4948a49301f08e1f762a7d753a110e9c0b2db4368');
INSERT INTO "history" VALUES(2,'2024-05-01T01:00:00+00:00','山田','cell','1-1.f1',2023,'target','','',NULL,'{"state": "value", "value": "500"}','計画ファイル','4fe4300a9314212a4968a54107f19220884691639ae6e575bdbd9c85e00bb526');
INSERT INTO "history" VALUES(3,'2024-05-01T01:00:00+00:00','山田','cell','1-1.f1',2024,'target','','',NULL,'{"state": "value", "value": "520"}','計画ファイル','d6a0d81829253b61b32e008e4d4e6fb3ab8701895d31f042b072b456619b8c69');
INSERT INTO "history" VALUES(4,'2024-05-01T01:00:00+00:00','山田','cell','1-1.f1',2022,'actual','','',NULL,'{"state": "value", "value": "450"}','計画ファイル','a9b936603732327ab0b96894e1f2091c69aa3378b1d3b9f3c6b84f02ce99e276');
INSERT INTO "history" VALUES(5,'2024-05-01T01:00:00+00:00','山田','cell','1-1.f1',2023,'actual','','',NULL,'{"state": "value", "value": "480"}','計画ファイル','6abf2f270cdd99ef63bb9ba334d37af9c4259a5fb4ea2cbfba39a9b8a68ecda1');
INSERT INTO "history" VALUES(6,'2024-05-01T01:00:00+00:00','山田','cell','0',2023,'target','','',NULL,'{"state": "value", "value": "0.10"}','計画ファイル','d84cce0012ff6928944640a789f685ea55158212f07a08f6bf777fa06d4bae6a');
INSERT INTO "history" VALUES(7,'2024-05-01T01:00:00+00:00','山田','cell','0',2023,'actual','','',NULL,'{"state": "value", "value": "0.08"}','計画ファイル','d750b218911a68cc1b38a8f2c8c684012c37016664acc41f5e67a42aa42b0543');
INSERT INTO "history" VALUES(8,'2024-05-01T01:00:00+00:00','鈴木','cell','1-1.f1',2023,'actual','','','{"state": "value", "value": "480"}','{"state": "value", "value": "512"}','速報','60901a6c441db82f2fedf5fcac42864e11cbf2c8ea337ef76bc9dc0ced5f42dc');
INSERT INTO "history" VALUES(9,'2024-05-01T01:00:00+00:00','鈴木','cell','1-1.f1',2023,'actual','','','{"state": "value", "value": "512"}','{"state": "value", "value": "480"}','取り消し','5570782bed60081b472f90ed7023ea8a1cef04c648eaa51ddbb6323913f98f93');
INSERT INTO "history" VALUES(10,'2024-05-01T01:00:00+00:00','鈴木','cell','x.Y_z-0',2023,'actual','','',NULL,'{"note": "台風\nのため", "state": "cancelled"}','','a7c344d20f96e08c332f6c83f5eb1d132582b459c81ff068d625a4c6040e261e');
INSERT INTO "history" VALUES(11,'2024-05-01T01:00:00+00:00','鈴木','cell','r',2023,'actual','kita','',NULL,'{"denominator": "100", "forecast": true, "measured_year": 2022, "note": "速報値", "state": "value", "value": "30"}','','83e241f926b90627a2bb94e1063a3076951d052d643cb4263af810689e57aa6c');
INSERT INTO "history" VALUES(12,'2024-05-01T01:00:00+00:00','鈴木','cell','m',2024,'actual','','',NULL,'{"state": "value", "value": "-0.0001"}','','5253b952fddf8ccd4803e1b009c25706c832fffd4a3e5859e5907dc5948b63f9');
INSERT INTO "history" VALUES(13,'2024-05-01T01:00:00+00:00','鈴木','cell','m',2023,'actual','','',NULL,'{"state": "text", "text": "「随時」"}','','c8d46864d1d7271e99a60b7f7401309fc6c7ca2ddccccab8d3db5773d94a6eb4');
INSERT INTO "history" VALUES(14,'2024-05-01T01:00:00+00:00','鈴木','funding','1-1.f1',2023,'budget','','','{"value": "1200"}','{"value": "1300"}','第2回委員会','cac02385e24d4a680fa7095a1ff70186856d113fc64da362b32e6866f230f7ea');
INSERT INTO "history" VALUES(15,'2024-05-01T01:00:00+00:00','鈴木','funding','1-1.f2',2023,'budget','','','{"value": "90"}',NULL,'第2回委員会','45c45abfea761b95eeeace81620a40a30436cbc55cfa541ab32f164afa95485e');
INSERT INTO "history" VALUES(16,'2024-05-01T01:00:00+00:00','鈴木','indicator','1-1.f1',2020,'baseline','','','{"value": "400", "year": 2021}','{"value": "410", "year": 2020}','第2回委員会','30bcf6caaf6b65f738b6e5f28f55fe532a44eb02d5f39e801654d4d8d06212ac');
INSERT INTO "history" VALUES(17,'2024-05-01T01:00:00+00:00','鈴木','indicator','0',2027,'final_target','','','{"value": "0.1", "year": 2027}','{"value": "0.12", "year": 2027}','第2回委員会','a54e937e26d213babacbc7511b3d031645c95b84d776ee17718bc0e2ee9f3d71');
INSERT INTO "history" VALUES(18,'2024-05-01T01:00:00+00:00','鈴木','cell','1-1.f1',2024,'actual','02','Q1',NULL,'{"state": "value", "value": "30"}','第2回委員会','d659042ef39410e1233ea51e63381518eed95fc8faa2b0fc5d8a82df8bda3fea');
INSERT INTO "history" VALUES(19,'2024-05-01T01:00:00+00:00','鈴木','cell','1-1.f1',2024,'target','','','{"state": "value", "value": "520"}','{"state": "value", "value": "540"}','目標の変更','ac9c408dedf11cd6117dcd2696583c9bb80d97065894a1e89a4046e82ec62ea6');
CREATE TABLE indicator (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        node_id INTEGER NOT NULL REFERENCES node(id),
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        decimals INTEGER NOT NULL CHECK (decimals BETWEEN 0 AND 4),
        definition TEXT NOT NULL
    ) STRICT;
INSERT INTO "indicator" VALUES(1,'1-1.f1',2,0,'参加者数','人',0,'{"code":"1-1.f1","name":"参加者数","unit":"人","direction":"higher","measure":"annual","baseline":{"value":"410","year":2020},"parts":"sum"}');
INSERT INTO "indicator" VALUES(2,'0',2,1,'利用率','％',2,'{"code":"0","name":"利用率","unit":"％","direction":"higher","measure":"point_in_time","baseline":{"value":"0.08","year":2021},"final_target":{"value":"0.12","year":2027},"decimals":2}');
INSERT INTO "indicator" VALUES(3,'x.Y_z-0',5,0,'相談件数の累計','件',0,'{"code":"x.Y_z-0","name":"相談件数の累計","unit":"件","direction":"higher","measure":"cumulative"}');
INSERT INTO "indicator" VALUES(4,'r',5,1,'解決した割合','',0,'{"code":"r","name":"解決した割合","direction":"higher","measure":"annual","parts":"ratio"}');
INSERT INTO "indicator" VALUES(5,'m',5,2,'測定値','',4,'{"code":"m","name":"測定値","direction":"lower","measure":"point_in_time","decimals":4}');
CREATE TABLE node (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE,
        parent_id INTEGER REFERENCES node(id),
        position INTEGER NOT NULL,
        name TEXT NOT NULL,
        definition TEXT NOT NULL
    ) STRICT;
INSERT INTO "node" VALUES(1,'1',NULL,0,'つながる','{"code":"1","name":"つながる"}');
INSERT INTO "node" VALUES(2,'1-1',1,1,'集いの場づくり','{"code":"1-1","name":"集いの場づくり","owners":[{"part":"社協","name":"社協"}]}');
INSERT INTO "node" VALUES(3,'Z_9.a-b',1,2,'再掲の取組','{"code":"Z_9.a-b","name":"再掲の取組","repeats":"1-1"}');
INSERT INTO "node" VALUES(4,'10',NULL,3,'支える','{"code":"10","name":"支える"}');
INSERT INTO "node" VALUES(5,'10-1',4,4,'相談','{"code":"10-1","name":"相談","owners":[{"part":"町","name":"福祉課"}],"flags":["重点"]}');
INSERT INTO "node" VALUES(6,'2',NULL,5,'取組のない目標','{"code":"2","name":"取組のない目標"}');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX history_place ON history (code, fiscal_year);
COMMIT;
