with Ada.Text_IO; use Ada.Text_IO;

procedure Sum is
begin
   Put_Line ("a semicolon is missing")
end Sum;
